package scope

import (
	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"
	"github.com/grafana/sobek/unistring"
)

func (b *builder) bindings(list []*ast.Binding, kind Declaration) {
	for _, binding := range list {
		outer := b.at
		b.at = b.cursor(binding)
		b.pattern(binding.Target, kind, binding.Initializer != nil && kind != Parameter)
		if id, ok := binding.Target.(*ast.Identifier); ok && binding.Initializer != nil && kind != Parameter {
			r := b.byNode[id]
			r.Value = binding.Initializer
			if v := r.Scope.Lookup(r.Name); v != nil && v.Init == nil {
				v.Init = binding.Initializer
			}
		}
		if binding.Initializer != nil {
			b.visit(binding.Initializer)
		}
		b.at = outer
	}
}

// pattern declares the names of n. With written, each gets a value here.
func (b *builder) pattern(n ast.Node, kind Declaration, written bool) {
	b.destructure(n, func(id *ast.Identifier, at ast.Node) {
		b.declare(id, kind)
		if written {
			r := b.refer(id, at)
			r.Write, r.Init = true, true
		}
	})
}

// target writes to what stands left of an assignment: a name, a property or a
// pattern of them.
func (b *builder) target(n ast.Node, value ast.Expression, reads bool) {
	b.destructure(n, func(id *ast.Identifier, at ast.Node) {
		r := b.refer(id, at)
		r.Read, r.Write = reads, true
		if at == n {
			r.Value = value
		}
	})
}

// destructure calls name for each name that a pattern binds and visits the
// expressions in it: defaults, computed keys, properties as targets.
func (b *builder) destructure(n ast.Node, name func(id *ast.Identifier, at ast.Node)) {
	outer := b.at
	b.at = b.cursor(n)
	defer func() { b.at = outer }()
	switch n := n.(type) {
	case nil:
	case *ast.Identifier:
		name(n, n)
	case *ast.Binding:
		b.destructure(n.Target, name)
		b.initializer(n.Initializer)
	case *ast.AssignExpression:
		b.destructure(n.Left, name)
		b.initializer(n.Right)
	case *ast.SpreadElement:
		b.destructure(n.Expression, name)
	case *ast.ArrayPattern:
		for _, e := range n.Elements {
			if e != nil {
				b.destructure(e, name)
			}
		}
		if n.Rest != nil {
			b.destructure(n.Rest, name)
		}
	case *ast.ObjectPattern:
		for _, p := range n.Properties {
			b.property(p, name)
		}
		if n.Rest != nil {
			b.destructure(n.Rest, name)
		}
	default:
		b.node(n)
	}
}

func (b *builder) property(p ast.Property, name func(id *ast.Identifier, at ast.Node)) {
	switch p := p.(type) {
	case *ast.PropertyShort:
		outer := b.at
		b.at = b.cursor(p)
		name(&p.Name, p)
		b.initializer(p.Initializer)
		b.at = outer
	case *ast.PropertyKeyed:
		if p.Computed {
			b.visit(p.Key)
		}
		b.destructure(p.Value, name)
	default:
		b.destructure(p, name)
	}
}

func (b *builder) initializer(n ast.Expression) {
	if n != nil {
		b.visit(n)
	}
}

func (b *builder) assign(n *ast.AssignExpression) {
	switch n.Left.(type) {
	case *ast.DotExpression, *ast.BracketExpression, *ast.PrivateDotExpression:
		b.Writes = append(b.Writes, Site{b.at, b.scope})
	}
	b.target(n.Left, n.Right, n.Operator != token.ASSIGN)
	b.visit(n.Right)
}

func (b *builder) unary(n *ast.UnaryExpression) {
	id, ok := n.Operand.(*ast.Identifier)
	if !ok {
		b.children(n)
		return
	}
	outer := b.at
	b.at = b.cursor(id)
	r := b.refer(id, id)
	r.Read = true
	r.Typeof = n.Operator == token.TYPEOF
	r.Write = n.Operator == token.INCREMENT || n.Operator == token.DECREMENT
	b.at = outer
}

func (b *builder) imports(n *ast.ImportDeclaration) {
	if n.ImportClause == nil || n.FromClause == nil {
		return
	}
	add := func(local, imported unistring.String) {
		v := b.declare(&ast.Identifier{Name: local, Idx: n.Idx}, Import)
		v.Module, v.Imported = n.FromClause.ModuleSpecifier.String(), imported.String()
	}
	clause := n.ImportClause
	if clause.ImportedDefaultBinding != nil {
		add(clause.ImportedDefaultBinding.Name, "default")
	}
	if clause.NameSpaceImport != nil {
		add(clause.NameSpaceImport.ImportedBinding, "*")
	}
	if clause.NamedImports != nil {
		for _, s := range clause.NamedImports.ImportsList {
			local := s.Alias
			if local == "" {
				local = s.IdentifierName
			}
			add(local, s.IdentifierName)
		}
	}
}

func (b *builder) export(n *ast.ExportDeclaration) {
	before := map[string]bool{}
	for name := range b.scope.variables {
		before[name] = true
	}
	b.children(n)
	for name, v := range b.scope.variables {
		if !before[name] {
			v.Exported = true
		}
	}
	clause := n.NamedExports
	if clause == nil || n.FromClause != nil {
		return
	}
	for _, s := range clause.ExportsList {
		id := &ast.Identifier{Name: s.IdentifierName, Idx: n.Idx}
		outer := b.at
		b.at = b.cursor(id)
		r := b.refer(id, id)
		r.Read = true
		b.exported = append(b.exported, r)
		b.at = outer
	}
}
