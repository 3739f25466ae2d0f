package flow

import (
	"slices"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Varies says whether an expression in a hot function can have ever new values:
// it depends on a parameter, a counter or something random.
func (fl *Flow) Varies(n ast.Node) bool { return fl.varies(n, 8) }

func (fl *Flow) varies(n ast.Node, steps int) bool {
	if steps <= 0 || n == nil {
		return false
	}
	switch e := syntax.Bare(n).(type) {
	case *ast.Identifier:
		r := fl.Reference(e)
		return r != nil && r.Variable != nil && fl.variableVaries(r.Variable, steps-1)
	case *ast.TemplateLiteral:
		return fl.anyVaries(e.Expressions, steps-1)
	case *ast.BinaryExpression:
		switch e.Operator {
		case token.REMAINDER, token.AND, token.LOGICAL_AND, token.EQUAL, token.STRICT_EQUAL, token.LESS, token.GREATER:
			return false // few results
		}
		return fl.varies(e.Left, steps-1) || fl.varies(e.Right, steps-1)
	case *ast.ConditionalExpression:
		return fl.varies(e.Consequent, steps-1) || fl.varies(e.Alternate, steps-1)
	case *ast.UnaryExpression:
		switch e.Operator {
		case token.INCREMENT, token.DECREMENT:
			return true
		case token.TYPEOF, token.NOT:
			return false
		}
		return fl.varies(e.Operand, steps-1)
	case *ast.AwaitExpression:
		return fl.varies(e.Argument, steps-1)
	case *ast.AssignExpression:
		return fl.varies(e.Right, steps-1)
	case *ast.CallExpression:
		return fl.callVaries(e, steps)
	}
	if object, name, ok := syntax.Member(n); ok {
		return !few[name] && fl.varies(object, steps-1)
	}
	return false
}

func (fl *Flow) anyVaries(list []ast.Expression, steps int) bool {
	for _, e := range list {
		if fl.varies(e, steps) {
			return true
		}
	}
	return false
}

// few are properties that have few values, whoever sends them.
var few = words(`method type kind status statusCode code level protocol httpVersion event action command cmd
	encoding locale lang language length size constructor prototype name className hostname host env mode format scheme version topic channel`)

// fresh are functions whose results do not repeat.
var fresh = words("randomUUID randomBytes uuid uuidv4 v4 v1 nanoid now hrtime random createHash digest generateId uniqueId cuid ulid")

func (fl *Flow) callVaries(call *ast.CallExpression, steps int) bool {
	if id, ok := syntax.Bare(call.Callee).(*ast.Identifier); ok && fresh[id.Name.String()] {
		return true
	}
	if object, name, ok := syntax.Member(call.Callee); ok {
		if fresh[name] || fl.varies(object, steps-1) {
			return true
		}
	}
	return fl.anyVaries(call.ArgumentList, steps-1)
}

func (fl *Flow) variableVaries(v *scope.Variable, steps int) bool {
	if enumeration(v.Name) {
		return false
	}
	switch v.Kind {
	case scope.Parameter:
		return !few[v.Name] && fl.parameterVaries(v, steps)
	case scope.FunctionName, scope.ClassName, scope.Import, scope.CatchParameter, scope.Implicit:
		return false
	}
	if _, hot := fl.Hot(v.Scope); !hot {
		return counts(v)
	}
	for _, r := range v.References {
		if !r.Write {
			continue
		}
		if r.Value == nil {
			// Of a pattern or a loop: what it takes apart.
			if from := TakenFrom(r); from == nil || fl.varies(from, steps) {
				return from != nil && !few[v.Name]
			}
			continue
		}
		if fl.varies(r.Value, steps) {
			return true
		}
	}
	return false
}

// parameterVaries looks at what the calls of a function give it; what a handler
// is given is another thing each time.
func (fl *Flow) parameterVaries(v *scope.Variable, steps int) bool {
	heat, hot := fl.Hot(v.Scope)
	if !hot {
		return false
	}
	at := slices.Index(parameters(v.Scope.At.Node), v.Name)
	callers := fl.callers[v.Scope]
	given := fl.handedOver[v.Scope]
	if heat.Hops == 0 || at < 0 || len(callers)+len(given) == 0 {
		return true
	}
	for _, varies := range given {
		if at < len(varies) && varies[at] {
			return true
		}
	}
	for _, c := range callers[:min(len(callers), maxTargets)] {
		if _, arguments, _ := syntax.Call(c.At.Node); at < len(arguments) && fl.varies(arguments[at], steps-1) {
			return true
		}
	}
	return false
}

// counts says whether a long-lived variable is a counter.
func counts(v *scope.Variable) bool {
	for _, r := range v.References {
		if !r.Write || r.Init {
			continue
		}
		switch up := r.At.Up.Node.(type) {
		case *ast.UnaryExpression:
			return true
		case *ast.AssignExpression:
			return up.Operator == token.PLUS
		}
	}
	return false
}

// TakenFrom is what a pattern takes apart: req.params in const { id } =
// req.params, list in for (const x of list).
func TakenFrom(r *scope.Reference) ast.Node {
	for c := r.At.Up; c != nil; c = c.Up {
		switch n := c.Node.(type) {
		case *ast.Binding:
			if n.Initializer != nil && c.Up != nil {
				if _, params := c.Up.Node.(*ast.FunctionLiteral); !params {
					return n.Initializer
				}
			}
		case *ast.AssignExpression:
			return n.Right
		case *ast.ForOfStatement:
			return n.Source
		case ast.Statement:
			return nil
		}
	}
	return nil
}

// enumeration are names in capitals: constants.
func enumeration(name string) bool {
	return len(name) > 1 && name == strings.ToUpper(name)
}
