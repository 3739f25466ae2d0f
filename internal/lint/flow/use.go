package flow

import (
	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Effect is what a use does to a collection.
type Effect uint8

// The effects.
const (
	Reads Effect = iota
	Grows
	Shrinks
	Escapes
)

// Use is a place where a collection is used.
type Use struct {
	Effect Effect
	Site   scope.Site     // the collection's name there
	Node   ast.Node       // of growth: the whole call or assignment
	Key    ast.Expression // of growth: the key, nil for an array
	Value  ast.Expression // of growth: what is put in, nil for a set
}

func (fl *Flow) usesOf(v *scope.Variable) []Use {
	var uses []Use
	if v.Exported {
		uses = append(uses, Use{Effect: Escapes})
	}
	for _, r := range v.References {
		if r.Init {
			continue
		}
		uses = append(uses, fl.use(scope.Site{At: r.At, Scope: r.Scope})...)
	}
	return uses
}

// mostUses bounds how often a property is looked at for each object that has it.
const mostUses = 1000

// UsesOfProperty are the uses of a property by its name. Whatever the object,
// it may be the one; only growth counts no more than where owns says so.
func (fl *Flow) UsesOfProperty(name string, owns func(object ast.Expression) bool) []Use {
	return fl.usesOfProperty(name, func(object ast.Expression, _ *scope.Scope) bool { return owns(object) })
}

func (fl *Flow) usesOfProperty(name string, owns func(object ast.Expression, in *scope.Scope) bool) []Use {
	if len(fl.members[name]) > mostUses {
		return []Use{{Effect: Escapes}} // a name for everything says nothing
	}
	var uses []Use
	for _, site := range fl.members[name] {
		object, _, _ := syntax.Member(site.At.Node)
		for _, u := range fl.use(site) {
			if u.Effect != Grows || owns(object, site.Scope) {
				uses = append(uses, u)
			}
		}
	}
	return uses
}

// UsesOfGlobal are the uses of a name that nothing declares, bare or as a property.
func (fl *Flow) UsesOfGlobal(name string) []Use {
	uses := fl.UsesOfProperty(name, func(ast.Expression) bool { return true })
	for _, r := range fl.References {
		if r.Variable == nil && r.Name == name {
			uses = append(uses, fl.use(scope.Site{At: r.At, Scope: r.Scope})...)
		}
	}
	return uses
}

// UsesAsImport are the uses of a variable that another file declares.
func (fl *Flow) UsesAsImport(v *scope.Variable) []Use { return fl.usesOf(v) }

var (
	growing   = words("push unshift add set append")
	shrinking = words("pop shift splice delete clear remove")
	reading   = words(`forEach map filter find findIndex findLast some every includes indexOf lastIndexOf has get values keys entries
		join reduce reduceRight slice concat at size length toString toJSON sort reverse flat flatMap hasOwnProperty isEmpty`)
	// What is given to these is read, not kept.
	readers = words(`stringify log info debug warn error json send end write render keys values entries from isArray of
		assign max min String Number Boolean Array require inspect format freeze getOwnPropertyNames Set Map deepEqual equal ok`)
)

// use tells what the place does with the collection. It can be two things:
// decorate("name", list) makes it a property.
func (fl *Flow) use(site scope.Site) []Use {
	one := func(e Effect) []Use { return []Use{{Effect: e, Site: site}} }
	parent := site.At.Parent()
	if parent == nil {
		return one(Reads)
	}
	if object, name, ok := syntax.Member(parent.Node); ok {
		if !site.At.Is(object) {
			return one(Reads) // it is the key
		}
		return []Use{fl.memberUse(site, parent, name)}
	}
	switch p := parent.Node.(type) {
	case *ast.AssignExpression:
		if site.At.Is(p.Left) {
			return []Use{replaced(site, p)}
		}
		return one(Escapes)
	case *ast.CallExpression:
		if site.At.Is(p.Callee) {
			return one(Reads)
		}
		return fl.given(site, p)
	case *ast.NewExpression:
		if readers[calleeName(p)] {
			return one(Reads)
		}
		return one(Escapes)
	case *ast.ReturnStatement, *ast.ExpressionBody, *ast.Binding, *ast.PropertyKeyed, *ast.PropertyShort,
		*ast.ArrayLiteral, *ast.YieldExpression, *ast.ThrowStatement, *ast.ConditionalExpression, *ast.ExportDeclaration:
		return one(Escapes)
	case *ast.BinaryExpression:
		if p.Operator == token.LOGICAL_OR || p.Operator == token.LOGICAL_AND || p.Operator == token.COALESCE {
			return one(Escapes)
		}
	case *ast.ArrayPattern, *ast.ObjectPattern, *ast.ForIntoExpression:
		return one(Shrinks)
	}
	if _, ok := site.At.Node.(*ast.PropertyShort); ok {
		return one(Escapes)
	}
	return one(Reads)
}

// replaced is the use of a collection that gets another value: it grows when that is
// itself with more in it, a = [...a, b], a = a.concat(b), a = { ...a, [b]: c }.
func replaced(site scope.Site, assign *ast.AssignExpression) Use {
	itself := func(n ast.Node) bool { return syntax.SameName(n, site.At.Node) }
	grows := Use{Effect: Grows, Site: site, Node: assign}
	switch right := syntax.Bare(assign.Right).(type) {
	case *ast.CallExpression:
		if object, name, _ := syntax.Member(right.Callee); name == "concat" && itself(object) && len(right.ArgumentList) > 0 {
			grows.Value = right.ArgumentList[0]
			return grows
		}
	case *ast.ArrayLiteral:
		spread := false
		for _, e := range right.Value {
			if s, ok := e.(*ast.SpreadElement); ok && itself(s.Expression) {
				spread = true
			} else {
				grows.Value = e
			}
		}
		if spread && grows.Value != nil {
			return grows
		}
	case *ast.ObjectLiteral:
		spread := false
		for _, p := range right.Value {
			switch p := p.(type) {
			case *ast.SpreadElement:
				spread = spread || itself(p.Expression)
			case *ast.PropertyKeyed:
				if p.Computed {
					grows.Key, grows.Value = p.Key, p.Value
				}
			}
		}
		if spread && grows.Key != nil {
			return grows
		}
	}
	return Use{Effect: Shrinks, Site: site}
}

// given is what becomes of a collection that is an argument.
func (fl *Flow) given(site scope.Site, call *ast.CallExpression) []Use {
	name := calleeName(call)
	if readers[name] {
		return []Use{{Effect: Reads, Site: site}}
	}
	if name == "decorate" && len(call.ArgumentList) == 2 {
		if property, ok := syntax.Text(call.ArgumentList[0]); ok {
			return fl.usesOfProperty(property, func(ast.Expression, *scope.Scope) bool { return false })
		}
	}
	return []Use{{Effect: Escapes, Site: site}}
}

func calleeName(n ast.Node) string {
	callee, _, _ := syntax.Call(n)
	if id, ok := syntax.Bare(callee).(*ast.Identifier); ok {
		return id.Name.String()
	}
	_, name, _ := syntax.Member(callee)
	return name
}

// memberUse is the use of collection.name or collection[key].
func (fl *Flow) memberUse(site scope.Site, member *syntax.Cursor, name string) Use {
	use := Use{Effect: Reads, Site: site}
	parent := member.Parent()
	if parent == nil {
		return use
	}
	switch p := parent.Node.(type) {
	case *ast.CallExpression:
		if !member.Is(p.Callee) {
			break
		}
		switch {
		case shrinking[name] && !(name == "splice" && len(p.ArgumentList) > 2):
			use.Effect = Shrinks
		case growing[name] || name == "splice":
			use.Effect, use.Node = Grows, p
			use.Key, use.Value = grown(name, p.ArgumentList)
		case !reading[name]:
			use.Effect = Escapes
		}
	case *ast.AssignExpression:
		switch {
		case !member.Is(p.Left):
		case name == "length":
			use.Effect = Shrinks
		case name == "":
			bracket := syntax.Bare(member.Node).(*ast.BracketExpression)
			use.Effect, use.Node, use.Key, use.Value = Grows, p, bracket.Member, p.Right
		}
	case *ast.UnaryExpression:
		if p.Operator == token.DELETE || name == "length" && p.Operator == token.DECREMENT {
			use.Effect = Shrinks
		}
	}
	return use
}

// grown is the key and the value that a call puts in.
func grown(method string, arguments []ast.Expression) (key, value ast.Expression) {
	switch {
	case len(arguments) == 0:
		return nil, nil
	case method == "add":
		return arguments[0], arguments[0]
	case method == "set":
		if len(arguments) > 1 {
			value = arguments[1]
		}
		return arguments[0], value
	case method == "splice":
		return nil, arguments[2]
	default:
		return nil, arguments[0]
	}
}
