package rule

import (
	"fmt"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/flow"
	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// promiseRaceLongLived finds reactions that each request adds to a promise that
// settles at the very end or never: Promise.race, then, catch, finally.
func promiseRaceLongLived(c *check) {
	for _, call := range c.Calls {
		object, name, arguments, ok := syntax.Method(call.At.Node)
		if !ok || !c.PerRequest(call) {
			continue
		}
		switch {
		case name == "race" || name == "any":
			if id, ok := object.(*ast.Identifier); !ok || id.Name != "Promise" || len(arguments) != 1 {
				continue
			}
			if list, ok := arguments[0].(*ast.ArrayLiteral); ok {
				for _, e := range list.Value {
					c.reaction(call, e, "each race adds a reaction to %s, which outlives the request: it keeps what the race was about")
				}
			}
		case name == "then" || name == "catch" || name == "finally":
			c.reaction(call, object, "each request adds a reaction to %s, which does not settle before the end: it keeps what the callback sees")
		}
	}
}

func (c *check) reaction(call scope.Site, promise ast.Expression, message string) {
	v := c.Variable(promise)
	if v == nil || !c.Outlives(v, call.Scope) || !c.pending(v) {
		return
	}
	at, ok := c.File.At(call.At.Node.Idx0())
	declared, known := c.File.At(v.At)
	if ok && known {
		c.report(Finding{At: at, Name: v.Name, Variable: v.Name, Declared: declared, Message: fmt.Sprintf(message, v.Name)})
	}
}

// pending says whether a variable holds a promise that stays pending as long as
// the process serves: nothing resolves it, or a signal or the end does.
func (c *check) pending(v *scope.Variable) bool {
	if v.Written() {
		return false
	}
	if len(v.Inits) == 1 && v.Init == nil {
		return c.never(flow.TakenFrom(v.Inits[0]), v)
	}
	if call, ok := v.Init.(*ast.CallExpression); ok { // events.once(process, "SIGTERM")
		_, arguments, _ := syntax.Call(call)
		return calls(call, "once") && len(arguments) == 2 && atTheEnd(arguments[1])
	}
	made, ok := v.Init.(*ast.NewExpression)
	if !ok || len(made.ArgumentList) != 1 {
		return false
	}
	if id, ok := made.Callee.(*ast.Identifier); !ok || id.Name != "Promise" {
		return false
	}
	executor := c.FunctionOf(made.ArgumentList[0])
	if executor == nil {
		return false
	}
	for settler := range executor.Variables() {
		if settler.Kind == scope.Parameter && !c.idle(settler) {
			return false
		}
	}
	return true
}

// never says whether v is a promise of Promise.withResolvers() that nothing settles:
// const { promise, resolve } = Promise.withResolvers().
func (c *check) never(from ast.Node, v *scope.Variable) bool {
	object, name, arguments, ok := syntax.Method(from)
	if !ok || name != "withResolvers" || len(arguments) > 0 {
		return false
	}
	if id, ok := object.(*ast.Identifier); !ok || id.Name != "Promise" {
		return false
	}
	for other := range v.Scope.Variables() {
		if other != v && len(other.Inits) == 1 && flow.TakenFrom(other.Inits[0]) == from && !c.idle(other) {
			return false
		}
	}
	return true
}

// idle says whether a resolve or reject is used at the end of the process only.
func (c *check) idle(settler *scope.Variable) bool {
	if settler.Exported {
		return false
	}
	for _, r := range settler.References {
		if r.Read && !c.settlesAtTheEnd(r) {
			return false
		}
	}
	return true
}

// settlesAtTheEnd says whether a use of resolve is inside a listener for the
// end of the process.
func (c *check) settlesAtTheEnd(r *scope.Reference) bool {
	for at := r.At.Up; at != nil; at = at.Up {
		if _, name, arguments, ok := syntax.Method(at.Node); ok && (name == "once" || adds[name]) && len(arguments) > 1 {
			return atTheEnd(arguments[0])
		}
	}
	return false
}

func atTheEnd(event ast.Expression) bool {
	switch name, _ := syntax.Text(event); name {
	case "SIGTERM", "SIGINT", "SIGHUP", "exit", "beforeExit", "shutdown", "stop":
		return true
	}
	return false
}

func calls(call *ast.CallExpression, function string) bool {
	if id, ok := call.Callee.(*ast.Identifier); ok {
		return id.Name.String() == function
	}
	_, name, _ := syntax.Member(call.Callee)
	return name == function
}
