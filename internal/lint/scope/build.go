package scope

import (
	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Analyze finds the scopes of a file and resolves its references.
func Analyze(f *syntax.File) *Analysis {
	top := &Scope{Kind: Top, Strict: f.Module || strict(f.Body)}
	b := &builder{
		scope: top,
		Analysis: &Analysis{
			Top: top, byNode: map[ast.Node]*Reference{}, byOwner: map[ast.Node]*Scope{},
		},
	}
	b.statements(f.Body)
	b.resolve()
	return b.Analysis
}

// builder walks a file once; what a name means is only known after that.
type builder struct {
	*Analysis
	scope    *Scope
	at       *syntax.Cursor
	exported []*Reference    // in export { a }
	path     []syntax.Cursor // a supply of cursors, so that each is no allocation
}

func (b *builder) cursor(n ast.Node) *syntax.Cursor {
	if len(b.path) == cap(b.path) {
		b.path = make([]syntax.Cursor, 0, 256)
	}
	b.path = append(b.path, syntax.Cursor{Node: n, Up: b.at})
	return &b.path[len(b.path)-1]
}

// open begins a scope made by the node at the cursor.
func (b *builder) open(kind Kind) *Scope {
	b.scope = &Scope{Kind: kind, Up: b.scope, At: b.at, Strict: b.scope.Strict}
	return b.scope
}

func (b *builder) close() { b.scope = b.scope.Up }

func (b *builder) statements(list []ast.Statement) {
	for _, s := range list {
		b.visit(s)
	}
}

func (b *builder) visit(n ast.Node) {
	outer := b.at
	b.at = b.cursor(n)
	b.node(n)
	b.at = outer
}

func (b *builder) children(n ast.Node) { syntax.Children(n, b.visit) }

func (b *builder) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Identifier:
		b.refer(n, n).Read = true
	case *ast.PropertyShort:
		b.refer(&n.Name, n).Read = true
		b.children(n)
	case *ast.AssignExpression:
		b.assign(n)
	case *ast.UnaryExpression:
		b.unary(n)
	case *ast.CallExpression:
		b.Calls = append(b.Calls, Site{b.at, b.scope})
		if id, ok := n.Callee.(*ast.Identifier); ok && id.Name == "eval" && !b.scope.Strict {
			b.scope.Function().dynamic = true
		}
		b.children(n)
	case *ast.NewExpression:
		b.Calls = append(b.Calls, Site{b.at, b.scope})
		b.children(n)
	case *ast.FunctionLiteral:
		b.function(n, n.Name, n.ParameterList, n.Body)
	case *ast.ArrowFunctionLiteral:
		b.function(n, nil, n.ParameterList, n.Body)
	case *ast.FunctionDeclaration:
		b.functionDeclaration(n)
	case *ast.ClassDeclaration:
		if n.Class.Name != nil {
			b.declare(n.Class.Name, ClassName).Definition = n.Class
		}
		b.children(n)
	case *ast.ClassLiteral:
		b.class(n)
	case *ast.DotExpression, *ast.BracketExpression, *ast.PrivateDotExpression:
		b.Members = append(b.Members, Site{b.at, b.scope})
		b.children(n)
	default:
		b.statement(n)
	}
}

func (b *builder) statement(n ast.Node) {
	switch n := n.(type) {
	case *ast.BlockStatement, *ast.ForStatement:
		b.open(Block)
		b.children(n)
		b.close()
	case *ast.ForInStatement:
		b.loop(n.Into, n.Source, n.Body)
	case *ast.ForOfStatement:
		b.loop(n.Into, n.Source, n.Body)
	case *ast.SwitchStatement:
		b.visit(n.Discriminant)
		b.open(Block)
		for _, c := range n.Body {
			b.visit(c)
		}
		b.close()
	case *ast.CatchStatement:
		b.open(Catch)
		if n.Parameter != nil {
			b.pattern(n.Parameter, CatchParameter, false)
		}
		b.visit(n.Body)
		b.close()
	case *ast.WithStatement:
		b.visit(n.Object)
		b.open(With).dynamic = true
		b.visit(n.Body)
		b.close()
	case *ast.VariableStatement:
		b.bindings(n.List, Var)
	case *ast.ForLoopInitializerVarDeclList:
		b.bindings(n.List, Var)
	case *ast.LexicalDeclaration:
		b.bindings(n.List, lexical(n.Token))
	case *ast.ForLoopInitializerLexicalDecl:
		b.bindings(n.LexicalDeclaration.List, lexical(n.LexicalDeclaration.Token))
	case *ast.ImportDeclaration:
		b.imports(n)
	case *ast.ExportDeclaration:
		b.export(n)
	default:
		b.children(n)
	}
}

func lexical(t token.Token) Declaration {
	if t == token.CONST {
		return Const
	}
	return Let
}

// loop is for (into of source) body.
func (b *builder) loop(into ast.ForInto, source, body ast.Node) {
	b.open(Block)
	switch into := into.(type) {
	case *ast.ForIntoVar:
		b.pattern(into.Binding.Target, Var, true)
		if into.Binding.Initializer != nil {
			b.visit(into.Binding.Initializer)
		}
	case *ast.ForDeclaration:
		kind := Let
		if into.IsConst {
			kind = Const
		}
		b.pattern(into.Target, kind, true)
	case *ast.ForIntoExpression:
		b.target(into.Expression, nil, false)
	}
	b.visit(source)
	b.visit(body)
	b.close()
}

func (b *builder) functionDeclaration(n *ast.FunctionDeclaration) {
	if name := n.Function.Name; name != nil && name.Name != "default" {
		b.declare(name, FunctionName).Definition = n.Function
		if b.scope.Kind == Block && !b.scope.Strict && !n.Function.Async && !n.Function.Generator {
			// In sloppy code the name is seen in the whole function
			// (ECMA-262, annex B.3.2).
			inner := b.scope
			b.scope = inner.Function()
			b.declare(name, FunctionName).Definition = n.Function
			b.scope = inner
		}
	}
	b.visit(n.Function)
}

func (b *builder) function(n ast.Node, name *ast.Identifier, params *ast.ParameterList, body ast.Node) {
	named := name != nil && b.at.Up != nil && !isDeclaration(b.at.Up.Node)
	if named {
		b.open(Name)
		b.declare(name, FunctionName).Definition = n
	}
	s := b.open(Function)
	b.Functions = append(b.Functions, s)
	b.byOwner[n] = s
	if _, arrow := n.(*ast.ArrowFunctionLiteral); !arrow {
		s.add(&Variable{Name: "arguments", Kind: Implicit, Scope: s, At: n.Idx0()})
	}
	block, _ := body.(*ast.BlockStatement)
	if block != nil && strict(block.List) {
		s.Strict = true
	}
	if params != nil {
		b.bindings(params.List, Parameter)
		if params.Rest != nil {
			b.pattern(params.Rest, Parameter, true)
		}
	}
	if block != nil {
		outer := b.at
		b.at = b.cursor(block)
		b.statements(block.List)
		b.at = outer
	} else {
		b.visit(body)
	}
	b.close()
	if named {
		b.close()
	}
}

func isDeclaration(n ast.Node) bool {
	_, ok := n.(*ast.FunctionDeclaration)
	return ok
}

func (b *builder) class(n *ast.ClassLiteral) {
	b.Classes = append(b.Classes, Site{b.at, b.scope})
	b.open(Class).Strict = true
	if n.Name != nil {
		b.declare(n.Name, ClassName).Definition = n
	}
	if n.SuperClass != nil {
		b.visit(n.SuperClass)
	}
	for _, element := range n.Body {
		outer := b.at
		b.at = b.cursor(element)
		b.element(element)
		b.at = outer
	}
	b.close()
}

func (b *builder) element(n ast.ClassElement) {
	switch n := n.(type) {
	case *ast.FieldDefinition:
		if n.Computed {
			b.visit(n.Key)
		}
		if n.Initializer != nil {
			b.open(Field)
			b.visit(n.Initializer)
			b.close()
		}
	case *ast.ClassStaticBlock:
		b.open(Field)
		b.statements(n.Block.List)
		b.close()
	default:
		b.children(n)
	}
}

// strict says whether a body begins with "use strict".
func strict(body []ast.Statement) bool {
	for _, s := range body {
		e, ok := s.(*ast.ExpressionStatement)
		if !ok {
			return false
		}
		text, ok := e.Expression.(*ast.StringLiteral)
		if !ok {
			return false
		}
		if text.Literal == `"use strict"` || text.Literal == `'use strict'` {
			return true
		}
	}
	return false
}

func (b *builder) declare(id *ast.Identifier, kind Declaration) *Variable {
	s := b.scope
	if kind == Var {
		s = s.Function()
	}
	return s.add(&Variable{Name: id.Name.String(), Kind: kind, Scope: s, At: id.Idx})
}

// add declares v unless its name is declared in s already.
func (s *Scope) add(v *Variable) *Variable {
	if old, ok := s.variables[v.Name]; ok {
		if old.Kind == Implicit {
			old.Kind, old.At = v.Kind, v.At
		}
		return old
	}
	if s.variables == nil {
		s.variables = map[string]*Variable{}
	}
	s.variables[v.Name] = v
	return v
}

func (b *builder) refer(id *ast.Identifier, n ast.Node) *Reference {
	r := &Reference{Name: id.Name.String(), Idx: id.Idx, At: b.at, Scope: b.scope}
	b.References = append(b.References, r)
	b.byNode[n] = r
	return r
}

func (b *builder) resolve() {
	for _, r := range b.References {
		v, dynamic := r.Scope.lookup(r.Name)
		r.Variable, r.Dynamic = v, dynamic
		if v != nil {
			v.References = append(v.References, r)
			v.read = v.read || r.Read
			v.written = v.written || r.Write && !r.Init && !decorated(r.Value)
			if r.Init {
				v.Inits = append(v.Inits, r)
			}
		}
	}
	for _, r := range b.References { // const A = class {}
		if v := r.Variable; v != nil && r.Init && v.Definition == nil && !v.written {
			if class, ok := v.Init.(*ast.ClassLiteral); ok {
				v.Definition = class
			}
		}
	}
	for _, r := range b.exported {
		if r.Variable != nil {
			r.Variable.Exported = true
		}
	}
}

// decorated says whether a value is a class that esbuild has decorated: it is still what
// the variable was declared with.
func decorated(value ast.Expression) bool {
	call, ok := value.(*ast.CallExpression)
	if !ok {
		return false
	}
	id, ok := call.Callee.(*ast.Identifier)
	return ok && id.Name == "__decorateClass"
}
