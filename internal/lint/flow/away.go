package flow

import (
	"slices"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Away is a function of another file, which code of this one that runs once per
// request calls, or which it gives to a server as a handler.
type Away struct {
	Module string   // as the file In writes it
	Path   []string // from what the module exports: names, made and kept
	In     string
	Entry
}

// The steps of a path from a class to an instance of it: to one of many, to one that
// a file makes while it loads, and keeps.
const (
	made = "new"
	kept = "new, kept"
)

// Entry is how calls from another file reach a function.
type Entry struct {
	Hops    int
	Message bool
	Varies  []bool          // of the arguments: those that can be others each time; nil when a server gives them
	From    syntax.Position // of the call
	File    string          // in which that is
}

// Aways lists what hot code of this file reaches in others.
func (fl *Flow) Aways() []Away {
	var found []Away
	add := func(n ast.Node, at scope.Site, e Entry) {
		module, path, ok := fl.reach(n, at.Scope, 8)
		if !ok {
			return
		}
		if _, isNew := at.At.Node.(*ast.NewExpression); isNew && e.Varies != nil {
			path = append(path, made)
		}
		if e.From, ok = fl.File.At(at.At.Node.Idx0()); ok {
			e.File = fl.File.Path
			found = append(found, Away{Module: module, Path: path, In: fl.File.Path, Entry: e})
		}
	}
	for _, c := range fl.Calls {
		callee, arguments, _ := syntax.Call(c.At.Node)
		handed, message := handed(callee, arguments)
		for _, arg := range handed {
			add(arg, c, Entry{Message: message})
		}
		heat, hot := fl.Hot(c.Scope)
		if !hot || heat.Hops == maxHops || !fl.PerRequest(c) {
			continue
		}
		varies := make([]bool, len(arguments))
		for i, arg := range arguments {
			varies[i] = fl.Varies(arg) || fl.memberVaries(arg)
		}
		add(callee, c, Entry{Hops: heat.Hops + 1, Message: heat.Message, Varies: varies})
	}
	return found
}

// memberVaries says whether an argument is an object of which a member varies.
func (fl *Flow) memberVaries(arg ast.Expression) bool {
	literal, ok := syntax.Bare(arg).(*ast.ObjectLiteral)
	if !ok {
		return false
	}
	for _, p := range literal.Value {
		ok = false
		switch p := p.(type) {
		case *ast.PropertyKeyed:
			ok = fl.Varies(p.Value)
		case *ast.PropertyShort:
			v := fl.Reference(p)
			ok = v != nil && v.Variable != nil && fl.variableVaries(v.Variable, 8)
		case *ast.SpreadElement:
			ok = fl.Varies(p.Expression)
		}
		if ok {
			return true
		}
	}
	return false
}

// reach follows an expression to the module that it comes from.
func (fl *Flow) reach(n ast.Node, in *scope.Scope, steps int) (module string, path []string, ok bool) {
	if steps <= 0 || n == nil {
		return "", nil, false
	}
	step := func(from ast.Node, in *scope.Scope, name string) (string, []string, bool) {
		module, path, ok := fl.reach(from, in, steps-1)
		return module, append(slices.Clip(path), name), ok && name != ""
	}
	switch e := syntax.Bare(n).(type) {
	case *ast.Identifier:
		v := fl.Variable(e)
		if v == nil || v.Written() {
			return "", nil, false
		}
		return fl.origin(v, steps-1)
	case *ast.CallExpression:
		id, isName := e.Callee.(*ast.Identifier)
		if !isName || id.Name != "require" || len(e.ArgumentList) != 1 {
			return "", nil, false
		}
		module, ok = syntax.Text(e.ArgumentList[0])
		return module, nil, ok
	case *ast.NewExpression:
		if in.Function().Kind == scope.Top {
			return step(e.Callee, in, kept)
		}
		return step(e.Callee, in, made)
	case *ast.SequenceExpression: // (0, store_1.add)(x)
		return fl.reach(e.Sequence[len(e.Sequence)-1], in, steps-1)
	}
	object, name, isMember := syntax.Member(n)
	if !isMember {
		return "", nil, false
	}
	if _, this := syntax.Bare(object).(*ast.ThisExpression); this {
		value, at := fl.field(name, in)
		return fl.reach(value, at, steps-1)
	}
	return step(object, in, name)
}

// origin is where an imported variable comes from.
func (fl *Flow) origin(v *scope.Variable, steps int) (module string, path []string, ok bool) {
	switch {
	case v.Kind == scope.Import && v.Imported == "*":
		return v.Module, nil, true
	case v.Kind == scope.Import:
		return v.Module, []string{v.Imported}, true
	case v.Init != nil:
		return fl.reach(v.Init, v.Scope, steps)
	case v.Kind == scope.Parameter:
		class := fl.injected(v)
		if class == nil || class.Kind != scope.Import || class.Imported == "*" {
			return "", nil, false
		}
		return class.Module, []string{class.Imported, kept}, true
	}
	if len(v.Inits) == 0 {
		return "", nil, false
	}
	r, name := v.Inits[0], "" // const { add } = require("./store")
	if _, short := r.At.Node.(*ast.PropertyShort); short {
		name = v.Name
	} else if keyed, ok := r.At.Up.Node.(*ast.PropertyKeyed); ok {
		name = syntax.Key(keyed.Key, keyed.Computed)
	}
	from := TakenFrom(r)
	if name == "" || from == nil {
		return "", nil, false
	}
	module, path, ok = fl.reach(from, r.Scope, steps)
	return module, append(slices.Clip(path), name), ok
}

// field is the only value that the class around gives this.name.
func (fl *Flow) field(name string, in *scope.Scope) (value ast.Node, at *scope.Scope) {
	class, _ := fl.classAround(in)
	if class == nil || name == "" {
		return nil, nil
	}
	for _, e := range class.Body {
		if f, ok := e.(*ast.FieldDefinition); ok && f.Initializer != nil && syntax.Key(f.Key, f.Computed) == name {
			value, at = f.Initializer, in
		}
	}
	if len(fl.writes[name]) > mostUses {
		return nil, nil // a name for everything says nothing
	}
	for _, w := range fl.writes[name] {
		assign := w.At.Node.(*ast.AssignExpression)
		object, _, _ := syntax.Member(assign.Left)
		if _, this := syntax.Bare(object).(*ast.ThisExpression); !this {
			continue
		}
		if around, _ := fl.classAround(w.Scope); around != class {
			continue
		}
		if value != nil {
			return nil, nil
		}
		value, at = assign.Right, w.Scope
	}
	return value, at
}
