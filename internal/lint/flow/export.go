package flow

import (
	"slices"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Enter has calls from another file reach a function: it is hot from then on,
// and so is what it calls. What this file only passes on is returned, to be
// looked for where it comes from.
func (fl *Flow) Enter(path []string, e Entry) []Away {
	x := &exports{Flow: fl, looks: maxLooks}
	x.named(path)
	for _, s := range x.functions {
		heat := &Heat{Handler: s, Hops: e.Hops, Message: e.Message, From: e.From, File: e.File}
		if old, hot := fl.hot[s]; hot && old.File == "" {
			continue // known without
		}
		if e.Varies != nil {
			fl.handedOver[s] = append(fl.handedOver[s], e.Varies)
		}
		if fl.hot[s] == nil {
			fl.spread(s, heat)
		}
	}
	for i := range x.onward {
		x.onward[i].In, x.onward[i].Entry = fl.File.Path, e
	}
	return x.onward
}

// exports follows a path into what a file exports.
type exports struct {
	*Flow
	looks     int
	functions []*scope.Scope
	onward    []Away // of other files, that this one exports
}

// named begins with a path from the module itself.
func (x *exports) named(path []string) {
	if len(path) > 0 {
		x.declared(path[0], path[1:])
	}
	for _, w := range x.Writes { // CommonJS
		assign := w.At.Node.(*ast.AssignExpression)
		object, name, _ := syntax.Member(assign.Left)
		switch {
		case name == "exports" && x.isGlobal(object, "module"):
			x.value(assign.Right, path, w.Scope)
			if len(path) > 0 && path[0] == "default" {
				x.value(assign.Right, path[1:], w.Scope)
			}
		case len(path) > 0 && name == path[0] && x.isExports(object):
			x.value(assign.Right, path[1:], w.Scope)
		}
	}
}

func (x *exports) isGlobal(n ast.Node, name string) bool {
	id, ok := syntax.Bare(n).(*ast.Identifier)
	return ok && id.Name.String() == name && x.Variable(id) == nil
}

func (x *exports) isExports(n ast.Node) bool {
	object, name, ok := syntax.Member(n)
	return x.isGlobal(n, "exports") || ok && name == "exports" && x.isGlobal(object, "module")
}

// declared looks through the export declarations of an ECMAScript module.
func (x *exports) declared(name string, path []string) {
	for _, s := range x.File.Body {
		n, ok := s.(*ast.ExportDeclaration)
		if !ok {
			continue
		}
		switch {
		case n.ExportFromClause != nil && n.FromClause != nil:
			x.passedOn(n, name, path)
		case n.NamedExports != nil:
			x.listed(n, name, path)
		case !n.IsDefault:
			if v := x.Top.Lookup(name); v != nil && v.Exported {
				x.variable(v, path)
				return
			}
		case name != "default":
		case n.AssignExpression != nil:
			x.value(n.AssignExpression, path, x.Top)
		case n.HoistableDeclaration != nil && n.HoistableDeclaration.FunctionDeclaration != nil:
			x.value(n.HoistableDeclaration.FunctionDeclaration.Function, path, x.Top)
		case n.ClassDeclaration != nil:
			x.value(n.ClassDeclaration.Class, path, x.Top)
		}
	}
}

// listed is export { a as b }, and the same from another file.
func (x *exports) listed(n *ast.ExportDeclaration, name string, path []string) {
	for _, s := range n.NamedExports.ExportsList {
		local, public := s.IdentifierName.String(), s.Alias.String()
		if public == "" {
			public = local
		}
		switch {
		case public != name:
		case n.FromClause != nil:
			x.onward = append(x.onward, Away{Module: n.FromClause.ModuleSpecifier.String(), Path: append([]string{local}, path...)})
		default:
			if v := x.Top.Lookup(local); v != nil {
				x.variable(v, path)
			}
		}
	}
}

// passedOn is export * from, and export * as name from.
func (x *exports) passedOn(n *ast.ExportDeclaration, name string, path []string) {
	clause, module := n.ExportFromClause, n.FromClause.ModuleSpecifier.String()
	switch {
	case clause.NamedExports != nil:
		x.listed(&ast.ExportDeclaration{NamedExports: clause.NamedExports, FromClause: n.FromClause}, name, path)
	case clause.Alias == "" && name != "default":
		x.onward = append(x.onward, Away{Module: module, Path: append([]string{name}, path...)})
	case clause.Alias.String() == name:
		x.onward = append(x.onward, Away{Module: module, Path: path})
	}
}

func (x *exports) variable(v *scope.Variable, path []string) {
	if v.Definition != nil {
		x.value(v.Definition, path, v.Scope)
		return
	}
	if module, way, ok := x.origin(v, 8); ok {
		x.onward = append(x.onward, Away{Module: module, Path: slices.Concat(way, path)})
		return
	}
	x.value(v.Init, path, v.Scope)
	if len(path) == 1 {
		for _, w := range x.writes[path[0]] {
			assign := w.At.Node.(*ast.AssignExpression)
			if o, _, _ := syntax.Member(assign.Left); x.Variable(o) == v {
				x.value(assign.Right, nil, w.Scope)
			}
		}
	}
}

// value follows a path from an expression.
func (x *exports) value(n ast.Node, path []string, in *scope.Scope) {
	if x.looks--; n == nil || x.looks < 0 {
		return
	}
	n = syntax.Bare(n)
	if s := x.FunctionOf(n); s != nil {
		if len(path) == 0 {
			x.functions = append(x.functions, s)
		}
		return
	}
	switch e := n.(type) {
	case *ast.Identifier:
		if v := x.Variable(e); v != nil {
			x.variable(v, path)
		}
		return
	case *ast.AssignExpression:
		x.value(e.Right, path, in)
		return
	case *ast.ClassLiteral:
		x.class(e, path, in)
		return
	case *ast.ObjectLiteral:
		x.object(e, path, in)
		return
	}
	if module, way, ok := x.reach(n, in, 8); ok {
		x.onward = append(x.onward, Away{Module: module, Path: slices.Concat(way, path)})
		return
	}
	if instance, ok := n.(*ast.NewExpression); ok {
		x.value(instance.Callee, append([]string{kept}, path...), in)
		return
	}
	if len(path) == 0 { // handler.bind(x), a factory of handlers
		x.functions = append(x.functions, x.Targets(n, in)...)
	}
}

// class has its static methods, and those of instances behind a step to one.
func (x *exports) class(class *ast.ClassLiteral, path []string, in *scope.Scope) {
	var found []*scope.Scope
	switch instance := len(path) > 0 && (path[0] == made || path[0] == kept); {
	case instance && len(path) == 1:
		found = x.method(class, "constructor", false)
	case instance && len(path) == 2:
		found = x.method(class, path[1], false)
	case len(path) == 1:
		found = x.method(class, path[0], true)
	}
	if _, said := x.kept[class]; !said && found != nil && path[0] == kept {
		x.kept[class] = true
	}
	x.functions = append(x.functions, found...)
	if found == nil && class.SuperClass != nil {
		x.value(class.SuperClass, path, in)
	}
}

func (x *exports) object(literal *ast.ObjectLiteral, path []string, in *scope.Scope) {
	if len(path) == 0 {
		return
	}
	for _, p := range literal.Value {
		switch p := p.(type) {
		case *ast.PropertyKeyed:
			if syntax.Key(p.Key, p.Computed) == path[0] {
				x.value(p.Value, path[1:], in)
			}
		case *ast.PropertyShort:
			if p.Name.Name.String() == path[0] {
				if v := in.Lookup(path[0]); v != nil {
					x.variable(v, path[1:])
				}
			}
		case *ast.SpreadElement:
			x.value(p.Expression, path, in)
		}
	}
}
