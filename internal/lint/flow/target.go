package flow

import (
	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// maxTargets bounds what one name can mean, maxLooks how far that is looked for.
const (
	maxTargets = 8
	maxLooks   = 200
)

// Targets are the functions of this file that an expression can be.
func (fl *Flow) Targets(n ast.Node, in *scope.Scope) []*scope.Scope {
	fl.looks = maxLooks
	return fl.targets(n, in, 4)
}

// targets gives up after some steps: a name can lead back to itself.
func (fl *Flow) targets(n ast.Node, in *scope.Scope, steps int) []*scope.Scope {
	if fl.looks--; steps <= 0 || n == nil || fl.looks < 0 {
		return nil
	}
	n = syntax.Bare(n)
	if s := fl.FunctionOf(n); s != nil {
		return []*scope.Scope{s}
	}
	switch e := n.(type) {
	case *ast.Identifier:
		r := fl.Reference(e)
		if r == nil || r.Variable == nil {
			return nil
		}
		return fl.held(r.Variable, steps-1)
	case *ast.ClassLiteral:
		return fl.method(e, "constructor", false)
	case *ast.CallExpression:
		var found []*scope.Scope
		for _, maker := range fl.targets(e.Callee, in, steps-1) {
			found = append(found, fl.returned(maker, steps-1)...)
		}
		return found
	}
	object, name, ok := syntax.Member(n)
	if !ok || name == "" {
		return nil
	}
	if name == "bind" {
		return fl.targets(object, in, steps-1)
	}
	return fl.property(object, name, in, steps-1)
}

// held are the functions that a variable can hold.
func (fl *Flow) held(v *scope.Variable, steps int) []*scope.Scope {
	if v.Definition != nil {
		return fl.targets(v.Definition, v.Scope, steps)
	}
	var found []*scope.Scope
	for _, r := range v.References {
		if r.Value != nil && len(found) < maxTargets {
			found = append(found, fl.targets(r.Value, r.Scope, steps)...)
		}
	}
	return found
}

// returned are the functions that a function returns.
func (fl *Flow) returned(maker *scope.Scope, steps int) []*scope.Scope {
	if arrow, ok := maker.At.Node.(*ast.ArrowFunctionLiteral); ok {
		if body, ok := arrow.Body.(*ast.ExpressionBody); ok {
			return fl.targets(body.Expression, maker, steps)
		}
	}
	var found []*scope.Scope
	var walk func(ast.Node)
	walk = func(n ast.Node) {
		if fl.FunctionOf(n) != nil {
			return
		}
		if r, ok := n.(*ast.ReturnStatement); ok && r.Argument != nil {
			found = append(found, fl.targets(r.Argument, maker, steps)...)
			return
		}
		syntax.Children(n, walk)
	}
	syntax.Children(maker.At.Node, walk)
	return found
}

// property are the functions that object.name can be.
func (fl *Flow) property(object ast.Expression, name string, in *scope.Scope, steps int) []*scope.Scope {
	if _, ok := syntax.Bare(object).(*ast.ThisExpression); ok {
		if class, static := fl.classAround(in); class != nil {
			return fl.method(class, name, static)
		}
		return fl.keyed(fl.literalAround(in), name, in, steps)
	}
	v := fl.Variable(object)
	if v == nil {
		return nil
	}
	if class, ok := v.Definition.(*ast.ClassLiteral); ok {
		return fl.method(class, name, true)
	}
	var found []*scope.Scope
	if class := fl.instantiated(v.Init); class != nil {
		found = fl.method(class, name, false)
	}
	if literal, ok := v.Init.(*ast.ObjectLiteral); ok {
		found = append(found, fl.keyed(literal, name, v.Scope, steps)...)
	}
	for _, w := range fl.writes[name] {
		assign := w.At.Node.(*ast.AssignExpression)
		if o, _, _ := syntax.Member(assign.Left); fl.Variable(o) == v && len(found) < maxTargets {
			found = append(found, fl.targets(assign.Right, w.Scope, steps)...)
		}
	}
	return found
}

// keyed are the functions that an object literal has by a name.
func (fl *Flow) keyed(literal *ast.ObjectLiteral, name string, in *scope.Scope, steps int) []*scope.Scope {
	if literal == nil {
		return nil
	}
	var found []*scope.Scope
	for _, p := range literal.Value {
		if keyed, ok := p.(*ast.PropertyKeyed); ok && syntax.Key(keyed.Key, keyed.Computed) == name {
			found = append(found, fl.targets(keyed.Value, in, steps)...)
		}
	}
	return found
}

// Variable is the variable that an expression names.
func (fl *Flow) Variable(n ast.Node) *scope.Variable {
	if n == nil {
		return nil
	}
	id, ok := syntax.Bare(n).(*ast.Identifier)
	if !ok {
		return nil
	}
	if r := fl.Reference(id); r != nil {
		return r.Variable
	}
	return nil
}

// instantiated is the class of this file that new makes an instance of.
func (fl *Flow) instantiated(n ast.Node) *ast.ClassLiteral {
	made, ok := n.(*ast.NewExpression)
	if !ok {
		return nil
	}
	if v := fl.Variable(made.Callee); v != nil {
		class, _ := v.Definition.(*ast.ClassLiteral)
		return class
	}
	return nil
}

// method finds a method of a class.
func (fl *Flow) method(class *ast.ClassLiteral, name string, static bool) []*scope.Scope {
	for _, e := range class.Body {
		switch e := e.(type) {
		case *ast.MethodDefinition:
			if e.Static == static && syntax.Key(e.Key, e.Computed) == name {
				return []*scope.Scope{fl.FunctionOf(e.Body)}
			}
		case *ast.FieldDefinition:
			if e.Static == static && e.Initializer != nil && syntax.Key(e.Key, e.Computed) == name {
				if s := fl.FunctionOf(e.Initializer); s != nil {
					return []*scope.Scope{s}
				}
			}
		}
	}
	return nil
}

// classAround is the class whose method or field s is in, and whether that is static.
func (fl *Flow) classAround(s *scope.Scope) (class *ast.ClassLiteral, static bool) {
	for ; s != nil; s = s.Up {
		if s.Kind == scope.Field { // handle = (req, res) => { ... }
			class, _ = s.Up.At.Node.(*ast.ClassLiteral)
			f, isField := s.At.Node.(*ast.FieldDefinition)
			return class, !isField || f.Static
		}
		if s.Kind != scope.Function {
			continue
		}
		if class := fl.classes[s]; class != nil {
			m, _ := s.At.Up.Node.(*ast.MethodDefinition)
			return class, m != nil && m.Static
		}
		if _, arrow := s.At.Node.(*ast.ArrowFunctionLiteral); !arrow {
			return nil, false
		}
	}
	return nil, false
}

// literalAround is the object literal whose method s is in: what this is there.
func (fl *Flow) literalAround(s *scope.Scope) *ast.ObjectLiteral {
	for ; s != nil; s = s.Up {
		if s.Kind != scope.Function {
			continue
		}
		if _, arrow := s.At.Node.(*ast.ArrowFunctionLiteral); arrow {
			continue
		}
		keyed := s.At.Up
		if keyed == nil || keyed.Up == nil {
			return nil
		}
		if _, ok := keyed.Node.(*ast.PropertyKeyed); !ok {
			return nil
		}
		literal, _ := keyed.Up.Node.(*ast.ObjectLiteral)
		return literal
	}
	return nil
}
