package syntax

import "github.com/grafana/sobek/ast"

// Cursor is a node with the way to it.
type Cursor struct {
	Node ast.Node
	Up   *Cursor // nil at the top
}

// Children calls visit for the nodes right below n, in the order of the text.
// What names a thing and is no expression (a key that is not computed, a label)
// is none.
func Children(n ast.Node, visit func(ast.Node)) {
	switch n := n.(type) {
	case *ast.ArrayLiteral:
		all(n.Value, visit)
	case *ast.ArrayPattern:
		all(n.Elements, visit)
		some(n.Rest, visit)
	case *ast.AssignExpression:
		some(n.Left, visit)
		some(n.Right, visit)
	case *ast.AwaitExpression:
		some(n.Argument, visit)
	case *ast.YieldExpression:
		some(n.Argument, visit)
	case *ast.BinaryExpression:
		some(n.Left, visit)
		some(n.Right, visit)
	case *ast.Binding:
		some(n.Target, visit)
		some(n.Initializer, visit)
	case *ast.BracketExpression:
		some(n.Left, visit)
		some(n.Member, visit)
	case *ast.CallExpression:
		some(n.Callee, visit)
		all(n.ArgumentList, visit)
	case *ast.NewExpression:
		some(n.Callee, visit)
		all(n.ArgumentList, visit)
	case *ast.ConditionalExpression:
		some(n.Test, visit)
		some(n.Consequent, visit)
		some(n.Alternate, visit)
	case *ast.DotExpression:
		some(n.Left, visit)
	case *ast.PrivateDotExpression:
		some(n.Left, visit)
	case *ast.OptionalChain:
		some(n.Expression, visit)
	case *ast.Optional:
		some(n.Expression, visit)
	case *ast.FunctionLiteral:
		some(n.ParameterList, visit)
		some(n.Body, visit)
	case *ast.ArrowFunctionLiteral:
		some(n.ParameterList, visit)
		some(n.Body, visit)
	case *ast.ExpressionBody:
		some(n.Expression, visit)
	case *ast.ParameterList:
		all(n.List, visit)
		some(n.Rest, visit)
	case *ast.ClassLiteral:
		some(n.SuperClass, visit)
		all(n.Body, visit)
	case *ast.FieldDefinition:
		if n.Computed {
			some(n.Key, visit)
		}
		some(n.Initializer, visit)
	case *ast.MethodDefinition:
		if n.Computed {
			some(n.Key, visit)
		}
		some(n.Body, visit)
	case *ast.ClassStaticBlock:
		some(n.Block, visit)
	case *ast.ObjectLiteral:
		all(n.Value, visit)
	case *ast.ObjectPattern:
		all(n.Properties, visit)
		some(n.Rest, visit)
	case *ast.PropertyShort:
		some(n.Initializer, visit)
	case *ast.PropertyKeyed:
		if n.Computed {
			some(n.Key, visit)
		}
		some(n.Value, visit)
	case *ast.SpreadElement:
		some(n.Expression, visit)
	case *ast.SequenceExpression:
		all(n.Sequence, visit)
	case *ast.TemplateLiteral:
		some(n.Tag, visit)
		all(n.Expressions, visit)
	case *ast.UnaryExpression:
		some(n.Operand, visit)
	default:
		statementChildren(n, visit)
	}
}

func statementChildren(n ast.Node, visit func(ast.Node)) {
	switch n := n.(type) {
	case *ast.BlockStatement:
		all(n.List, visit)
	case *ast.CaseStatement:
		some(n.Test, visit)
		all(n.Consequent, visit)
	case *ast.CatchStatement:
		some(n.Parameter, visit)
		some(n.Body, visit)
	case *ast.DoWhileStatement:
		some(n.Body, visit)
		some(n.Test, visit)
	case *ast.ExpressionStatement:
		some(n.Expression, visit)
	case *ast.ForInStatement:
		some(n.Into, visit)
		some(n.Source, visit)
		some(n.Body, visit)
	case *ast.ForOfStatement:
		some(n.Into, visit)
		some(n.Source, visit)
		some(n.Body, visit)
	case *ast.ForStatement:
		some(n.Initializer, visit)
		some(n.Test, visit)
		some(n.Update, visit)
		some(n.Body, visit)
	case *ast.ForLoopInitializerExpression:
		some(n.Expression, visit)
	case *ast.ForLoopInitializerVarDeclList:
		all(n.List, visit)
	case *ast.ForLoopInitializerLexicalDecl:
		all(n.LexicalDeclaration.List, visit)
	case *ast.ForIntoVar:
		some(n.Binding, visit)
	case *ast.ForDeclaration:
		some(n.Target, visit)
	case *ast.ForIntoExpression:
		some(n.Expression, visit)
	case *ast.IfStatement:
		some(n.Test, visit)
		some(n.Consequent, visit)
		some(n.Alternate, visit)
	case *ast.LabelledStatement:
		some(n.Statement, visit)
	case *ast.ReturnStatement:
		some(n.Argument, visit)
	case *ast.SwitchStatement:
		some(n.Discriminant, visit)
		all(n.Body, visit)
	case *ast.ThrowStatement:
		some(n.Argument, visit)
	case *ast.TryStatement:
		some(n.Body, visit)
		some(n.Catch, visit)
		some(n.Finally, visit)
	case *ast.VariableStatement:
		all(n.List, visit)
	case *ast.LexicalDeclaration:
		all(n.List, visit)
	case *ast.WhileStatement:
		some(n.Test, visit)
		some(n.Body, visit)
	case *ast.WithStatement:
		some(n.Object, visit)
		some(n.Body, visit)
	case *ast.FunctionDeclaration:
		some(n.Function, visit)
	case *ast.ClassDeclaration:
		some(n.Class, visit)
	case *ast.ExportDeclaration:
		some(n.Variable, visit)
		some(n.LexicalDeclaration, visit)
		some(n.AssignExpression, visit)
		some(n.ClassDeclaration, visit)
		if n.HoistableDeclaration != nil {
			some(n.HoistableDeclaration.FunctionDeclaration, visit)
		}
	}
}

// some visits a node that may be missing.
func some[N interface {
	comparable
	ast.Node
}](n N, visit func(ast.Node),
) {
	var none N
	if n != none {
		visit(n)
	}
}

func all[N interface {
	comparable
	ast.Node
}](list []N, visit func(ast.Node),
) {
	for _, n := range list {
		some(n, visit)
	}
}

// Bare takes an expression out of what ?. puts around it.
func Bare(n ast.Node) ast.Node {
	for {
		switch e := n.(type) {
		case *ast.OptionalChain:
			n = e.Expression
		case *ast.Optional:
			n = e.Expression
		default:
			return n
		}
	}
}

// Parent is the node around c, past what ?. puts around it; nil at the top.
func (c *Cursor) Parent() *Cursor {
	for c = c.Up; c != nil; c = c.Up {
		switch c.Node.(type) {
		case *ast.OptionalChain, *ast.Optional:
		default:
			return c
		}
	}
	return nil
}

// Is says whether n is the node at the cursor, past what ?. puts around it.
func (c *Cursor) Is(n ast.Node) bool { return n != nil && Bare(n) == Bare(c.Node) }

// Member takes a property apart: a.b, a["b"] and a.#b. The name of a[b] is "".
func Member(n ast.Node) (object ast.Expression, name string, ok bool) {
	switch e := Bare(n).(type) {
	case *ast.DotExpression:
		return e.Left, e.Identifier.Name.String(), true
	case *ast.PrivateDotExpression:
		return e.Left, "#" + e.Identifier.Name.String(), true
	case *ast.BracketExpression:
		if s, ok := e.Member.(*ast.StringLiteral); ok {
			return e.Left, s.Value.String(), true
		}
		return e.Left, "", true
	}
	return nil, "", false
}

// Call takes a call or new apart.
func Call(n ast.Node) (callee ast.Expression, arguments []ast.Expression, ok bool) {
	switch e := Bare(n).(type) {
	case *ast.CallExpression:
		return e.Callee, e.ArgumentList, true
	case *ast.NewExpression:
		return e.Callee, e.ArgumentList, true
	}
	return nil, nil, false
}

// Method takes the call of a method apart: object.name(arguments).
func Method(n ast.Node) (object ast.Expression, name string, arguments []ast.Expression, ok bool) {
	call, isCall := Bare(n).(*ast.CallExpression)
	if !isCall {
		return nil, "", nil, false
	}
	object, name, ok = Member(call.Callee)
	return object, name, call.ArgumentList, ok
}

// Key is the name of a property of a literal or a class, "" when it is computed.
func Key(key ast.Expression, computed bool) string {
	switch k := key.(type) {
	case *ast.StringLiteral:
		return k.Value.String()
	case *ast.PrivateIdentifier:
		return "#" + k.Name.String()
	case *ast.Identifier:
		if !computed {
			return k.Name.String()
		}
	}
	return ""
}

// Text is a literal string's; a template without substitutions is one.
func Text(n ast.Node) (string, bool) {
	switch e := n.(type) {
	case *ast.StringLiteral:
		return e.Value.String(), true
	case *ast.TemplateLiteral:
		if e.Tag == nil && len(e.Expressions) == 0 && len(e.Elements) == 1 {
			return e.Elements[0].Parsed.String(), true
		}
	}
	return "", false
}

// SameName says whether two expressions write the same: a, a.b, this.a.
func SameName(a, b ast.Node) bool {
	a, b = Bare(a), Bare(b)
	switch x := a.(type) {
	case *ast.Identifier:
		y, ok := b.(*ast.Identifier)
		return ok && x.Name == y.Name
	case *ast.ThisExpression:
		_, ok := b.(*ast.ThisExpression)
		return ok
	}
	left, name, ok := Member(a)
	right, other, same := Member(b)
	return ok && same && name == other && name != "" && SameName(left, right)
}
