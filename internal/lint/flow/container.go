package flow

import (
	"slices"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/file"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Shape is the kind of a collection.
type Shape string

// The shapes.
const (
	Array  Shape = "array"
	Map    Shape = "Map"
	Set    Shape = "Set"
	Object Shape = "object"
)

// Container is a collection that something holds.
type Container struct {
	Shape    Shape
	Name     string          // as the program writes it: visits, Metrics.samples
	Variable *scope.Variable // that holds it, or whose property does
	Property string          // "" for a variable's own value
	At       file.Idx        // where it is declared
	Uses     []Use
}

// Last is the name by which a heap knows the container: the property or, without
// one, the variable.
func (c *Container) Last() string {
	if c.Property != "" {
		return c.Property
	}
	return c.Variable.Name
}

// Grows says whether a use puts something in. Objects have no add and no set: a call of
// these is one of a method of their own, whatever that does.
func (c *Container) Grows(u Use) bool {
	_, call := u.Node.(*ast.CallExpression)
	return u.Effect == Grows && !(c.Shape == Object && call)
}

// Shrinks says whether anything takes out what was put in.
func (c *Container) Shrinks() bool { return c.has(Shrinks) }

// Escapes says whether code that is not in this file may do so.
func (c *Container) Escapes() bool { return c.has(Escapes) }

func (c *Container) has(kind Effect) bool {
	for _, u := range c.Uses {
		if u.Effect == kind {
			return true
		}
	}
	return false
}

// ShapeOf tells which collection an expression makes; "" for none.
func (fl *Flow) ShapeOf(n ast.Node) Shape {
	switch e := n.(type) {
	case *ast.ArrayLiteral:
		return Array
	case *ast.ObjectLiteral:
		return Object
	case *ast.NewExpression:
		if id, ok := e.Callee.(*ast.Identifier); ok {
			switch id.Name {
			case "Array":
				return Array
			case "Map":
				return Map
			case "Set":
				return Set
			case "Object":
				return Object
			}
		}
	case *ast.CallExpression:
		if object, name, _, ok := syntax.Method(e); ok && name == "create" {
			if id, ok := object.(*ast.Identifier); ok && id.Name == "Object" {
				return Object
			}
		}
	}
	return ""
}

// Containers lists the collections of the file that may outlive a request.
func (fl *Flow) Containers() []*Container {
	list := []*Container{}
	seen := map[*scope.Variable]bool{}
	for _, r := range fl.References {
		v := r.Variable
		if v == nil || seen[v] || !r.Write || !r.Init {
			continue
		}
		seen[v] = true
		list = append(list, fl.ofVariable(v)...)
	}
	for _, c := range fl.Classes {
		list = append(list, fl.ofClass(c)...)
	}
	for _, w := range fl.writes["exports"] {
		if assign := w.At.Node.(*ast.AssignExpression); w.Scope.Kind == scope.Top {
			list = append(list, fl.ofExport(assign.Right)...)
		}
	}
	for _, s := range fl.File.Body {
		if export, ok := s.(*ast.ExportDeclaration); ok && export.IsDefault {
			list = append(list, fl.ofExport(export.AssignExpression)...)
		}
	}
	return list
}

func (fl *Flow) ofVariable(v *scope.Variable) []*Container {
	var list []*Container
	if shape := fl.ShapeOf(v.Init); shape != "" {
		list = append(list, &Container{Shape: shape, Name: v.Name, Variable: v, At: v.At, Uses: fl.usesOf(v)})
	}
	if literal, ok := v.Init.(*ast.ObjectLiteral); ok {
		list = append(list, fl.ofLiteral(literal, v)...)
	}
	return list
}

// ofLiteral lists the properties of an object that v holds; its methods know it as this.
func (fl *Flow) ofLiteral(literal *ast.ObjectLiteral, v *scope.Variable) []*Container {
	var list []*Container
	owns := func(object ast.Expression, in *scope.Scope) bool {
		if _, this := object.(*ast.ThisExpression); this {
			return fl.literalAround(in) == literal
		}
		return fl.Variable(object) == v
	}
	for _, p := range literal.Value {
		keyed, ok := p.(*ast.PropertyKeyed)
		if !ok || keyed.Kind != ast.PropertyKindValue {
			continue
		}
		name := syntax.Key(keyed.Key, keyed.Computed)
		if shape := fl.ShapeOf(keyed.Value); shape != "" && name != "" {
			list = append(list, &Container{
				Shape: shape, Name: v.Name + "." + name, Variable: v, Property: name, At: keyed.Key.Idx0(), Uses: fl.usesOfProperty(name, owns),
			})
		}
	}
	return list
}

// ofExport lists the properties of an object that the file exports as it is written,
// module.exports = { rows: [] }. No variable holds it: it goes by the name exports.
func (fl *Flow) ofExport(n ast.Node) []*Container {
	literal, ok := n.(*ast.ObjectLiteral)
	if !ok {
		return nil
	}
	return fl.ofLiteral(literal, &scope.Variable{Name: "exports", Scope: fl.Top, At: literal.Idx0()})
}

// ofClass lists static fields, and fields of a class of which one instance
// lives as long as the file.
func (fl *Flow) ofClass(c scope.Site) []*Container {
	class := c.At.Node.(*ast.ClassLiteral)
	v := fl.ofName(class, c)
	if v == nil {
		return nil
	}
	instance := fl.instance(class, v)
	var list []*Container
	add := func(owner *scope.Variable, name string, value ast.Expression, at ast.Node) {
		shape := fl.ShapeOf(value)
		if owner == nil || shape == "" || name == "" {
			return
		}
		uses := fl.usesOfProperty(name, func(object ast.Expression, in *scope.Scope) bool {
			if _, this := object.(*ast.ThisExpression); this {
				around, _ := fl.classAround(in)
				return around == class
			}
			named := fl.Variable(object)
			return named == owner || named != nil && owner == v && named.Definition == class // inside, the class has a name of its own
		})
		uses = slices.DeleteFunc(uses, func(u Use) bool { return u.Site.At != nil && u.Site.At.Node == at })
		list = append(list, &Container{Shape: shape, Name: owner.Name + "." + name, Variable: owner, Property: name, At: at.Idx0(), Uses: uses})
	}
	for _, e := range class.Body {
		switch e := e.(type) {
		case *ast.FieldDefinition:
			owner := instance
			if e.Static {
				owner = v
			}
			add(owner, syntax.Key(e.Key, e.Computed), e.Initializer, e.Key)
		case *ast.MethodDefinition:
			if syntax.Key(e.Key, e.Computed) != "constructor" {
				continue
			}
			for _, s := range e.Body.Body.List {
				if assign, ok := assignment(s); ok {
					if object, name, ok := syntax.Member(assign.Left); ok {
						if _, this := object.(*ast.ThisExpression); this {
							add(instance, name, assign.Right, assign.Left)
						}
					}
				} else if name, value, ok := publicField(s); ok {
					add(instance, name, value, value)
				}
			}
		}
	}
	return list
}

// ofName is the variable of a class. One that is given to a property, as in
// exports.Store = class {}, has none, and goes by the name of that.
func (fl *Flow) ofName(class *ast.ClassLiteral, c scope.Site) *scope.Variable {
	if class.Name != nil {
		if v := c.Scope.Lookup(class.Name.Name.String()); v != nil {
			return v
		}
	}
	if binding, ok := c.At.Up.Node.(*ast.Binding); ok {
		return fl.Variable(binding.Target)
	}
	assign, ok := c.At.Up.Node.(*ast.AssignExpression)
	if !ok || c.Scope.Kind != scope.Top {
		return nil
	}
	_, name, ok := syntax.Member(assign.Left)
	if !ok || name == "" {
		return nil
	}
	if class.Name != nil {
		name = class.Name.Name.String()
	}
	return &scope.Variable{Name: name, Kind: scope.ClassName, Scope: fl.Top, At: class.Idx0(), Definition: class}
}

// publicField is a field as esbuild writes it in a decorated class that has private ones:
// __publicField(this, "name", value).
func publicField(s ast.Statement) (name string, value ast.Expression, ok bool) {
	e, ok := s.(*ast.ExpressionStatement)
	if !ok {
		return "", nil, false
	}
	callee, arguments, _ := syntax.Call(e.Expression)
	if id, ok := callee.(*ast.Identifier); !ok || id.Name != "__publicField" || len(arguments) != 3 {
		return "", nil, false
	}
	name, ok = syntax.Text(arguments[1])
	return name, arguments[2], ok
}

func assignment(s ast.Statement) (*ast.AssignExpression, bool) {
	e, ok := s.(*ast.ExpressionStatement)
	if !ok {
		return nil, false
	}
	assign, ok := e.Expression.(*ast.AssignExpression)
	return assign, ok
}

// instance is the variable at the top of the file that holds the only instance
// of a class or, when that is what the file exports or other files keep an instance, the class.
func (fl *Flow) instance(class *ast.ClassLiteral, named *scope.Variable) *scope.Variable {
	if fl.kept[class] && len(fl.made[class]) == 0 {
		return named
	}
	var found *scope.Variable
	for _, c := range fl.made[class] {
		if found != nil || c.Scope.Kind != scope.Top {
			return nil
		}
		switch up := c.At.Up.Node.(type) {
		case *ast.Binding:
			found = fl.Variable(up.Target)
		case *ast.ExportDeclaration:
			found = named
		case *ast.AssignExpression: // module.exports = new Store()
			if _, name, ok := syntax.Member(up.Left); ok && name == "exports" {
				found = named
			}
		}
		if found == nil {
			return nil
		}
	}
	return found
}
