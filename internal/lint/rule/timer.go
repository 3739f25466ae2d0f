package rule

import (
	"fmt"
	"strings"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/flow"
	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// intervalNeverCleared finds intervals that each request starts and nobody
// stops.
func intervalNeverCleared(c *check) {
	for _, call := range c.intervals() {
		if !c.PerRequest(call) || c.stopped(call) {
			continue
		}
		at, ok := c.File.At(call.At.Node.Idx0())
		if !ok {
			continue
		}
		f := Finding{
			At: at, Length: len("setInterval"), Name: "setInterval", Declared: c.callback(call, at),
			Message: "each request starts an interval and nothing stops it: its callback, and all that it sees, stays for ever" + c.called(call),
		}
		if ownStatement(call.At) {
			f.Fix = c.clearTimer(call, at)
		}
		c.report(f)
	}
}

// clearTimer keeps an interval and, where the response is at hand, clears it when
// that is closed.
func (c *check) clearTimer(call scope.Site, at syntax.Position) *Fix {
	name := "timer"
	for n := 2; call.Scope.Lookup(name) != nil; n++ {
		name = fmt.Sprintf("timer%d", n)
	}
	fix := &Fix{Title: "Keep the timer, to clear it when the request is done", Edits: []Edit{{at, "const " + name + " = "}}}
	end, ok := c.File.At(call.At.Node.Idx1())
	if !ok || c.File.Lowered() {
		return fix
	}
	for _, response := range [...]string{"res", "response"} {
		if v := call.Scope.Lookup(response); v != nil && v.Kind == scope.Parameter {
			line, _ := c.File.Line(at.Line)
			indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
			fix.Title = "Clear the timer when the response is closed"
			fix.Edits = append(fix.Edits, Edit{end, fmt.Sprintf(";\n%s%s.on(\"close\", () => clearInterval(%s))", indent, response, name)})
			break
		}
	}
	return fix
}

// intervals are the calls of setInterval.
func (c *check) intervals() []scope.Site {
	var found []scope.Site
	for _, call := range c.Calls {
		callee, arguments, _ := syntax.Call(call.At.Node)
		if _, made := call.At.Node.(*ast.NewExpression); !made && c.names(callee, "setInterval") && len(arguments) > 0 {
			found = append(found, call)
		}
	}
	return found
}

// names says whether an expression is a global by its name, bare or as a
// property of the global object.
func (c *check) names(n ast.Node, name string) bool {
	if id, ok := syntax.Bare(n).(*ast.Identifier); ok && id.Name.String() == name {
		r := c.Reference(id)
		return r != nil && (r.Variable == nil || r.Variable.Kind == scope.Import)
	}
	object, property, ok := syntax.Member(n)
	return ok && property == name && c.globalObject(object)
}

// afterUnref is the call of setInterval with the calls of unref() on it: that lets the
// process end, and the interval goes on as long as it does not.
func afterUnref(call scope.Site) *syntax.Cursor {
	at := call.At
	for {
		member := at.Parent()
		if member == nil || member.Parent() == nil {
			return at
		}
		if _, name, ok := syntax.Member(member.Node); !ok || name != "unref" {
			return at
		}
		if _, called := member.Parent().Node.(*ast.CallExpression); !called {
			return at
		}
		at = member.Parent()
	}
}

// stopped says whether an interval may be stopped: its id is cleared, or leaves for
// where the file does not show what becomes of it.
func (c *check) stopped(call scope.Site) bool {
	switch p := afterUnref(call).Parent().Node.(type) {
	case *ast.ExpressionStatement:
		return false
	case *ast.Binding:
		v := c.Variable(p.Target)
		return v == nil || used(v)
	case *ast.AssignExpression:
		if v := c.Variable(p.Left); v != nil {
			return used(v)
		}
		_, name, ok := syntax.Member(p.Left)
		return !ok || name == "" || c.accessed(name) > 1
	}
	return true
}

// used says whether a variable is read at all: clearInterval(timer), return
// timer, timers.push(timer).
func used(v *scope.Variable) bool {
	return v.Read() || v.Exported
}

// accessed counts the accesses to a property of this name.
func (c *check) accessed(name string) int {
	if c.accesses == nil {
		c.accesses = map[string]int{}
		for _, m := range c.Members {
			_, property, _ := syntax.Member(m.At.Node)
			c.accesses[property]++
		}
	}
	return c.accesses[name]
}

// callback is where the function begins that a call is given.
func (c *check) callback(call scope.Site, instead syntax.Position) syntax.Position {
	_, arguments, _ := syntax.Call(call.At.Node)
	for _, arg := range arguments {
		for _, s := range c.Targets(arg, call.Scope) {
			if at, ok := c.File.At(s.At.Node.Idx0()); ok {
				return at
			}
		}
	}
	return instead
}

// timerClosureGrows finds intervals whose callback keeps a local collection
// that grows and is never emptied.
func timerClosureGrows(c *check) {
	for _, call := range c.intervals() {
		if c.stopped(call) {
			continue
		}
		_, arguments, _ := syntax.Call(call.At.Node)
		for _, callback := range c.Targets(arguments[0], call.Scope) {
			for _, box := range c.long() {
				c.timerKeeps(call, callback, box)
			}
		}
	}
}

func (c *check) timerKeeps(call scope.Site, callback *scope.Scope, box *flow.Container) {
	if box.Property != "" || box.Shrinks() || box.Escapes() || box.Variable.Scope.Within(callback) || !callback.Within(box.Variable.Scope) {
		return
	}
	seen, growth := false, (*flow.Use)(nil)
	for i, u := range box.Uses {
		if u.Site.Scope == nil {
			continue
		}
		inside := u.Site.Scope.Within(callback)
		seen = seen || inside
		local := box.Variable.Scope.Kind != scope.Top && u.Site.Scope.Function() != box.Variable.Scope.Function()
		if u.Effect == flow.Grows && (box.Shape != flow.Array || u.Key == nil) && !c.bounded(u) && (inside && box.Shape == flow.Array || local) {
			growth = &box.Uses[i]
		}
	}
	if !seen || growth == nil {
		return
	}
	at, ok := c.File.At(call.At.Node.Idx0())
	declared, known := c.File.At(box.At)
	grows, written := c.File.At(growth.Node.Idx0())
	if ok && known && written {
		c.report(Finding{
			At: at, Length: len("setInterval"), Name: box.Name, Variable: box.Name, Declared: declared,
			Message: fmt.Sprintf("the callback of this interval keeps %s, which grows in line %d and is never emptied", box.Name, grows.Line),
		})
	}
}
