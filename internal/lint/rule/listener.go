package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

var (
	adds     = map[string]bool{"on": true, "addListener": true, "prependListener": true, "addEventListener": true}
	addsOnce = map[string]bool{"once": true, "prependOnceListener": true}
	removes  = map[string]bool{"off": true, "removeListener": true, "removeAllListeners": true, "removeEventListener": true, "unsubscribe": true}
)

// listener is a call that adds one.
type listener struct {
	scope.Site
	emitter  ast.Expression
	event    string
	callback ast.Expression
	name     string // of the method
}

// listeners are the calls that add a listener and will not take it away by
// themselves.
func (c *check) listeners() []listener {
	var found []listener
	for _, call := range c.Calls {
		object, name, arguments, ok := syntax.Method(call.At.Node)
		if !ok || !adds[name] && !addsOnce[name] || len(arguments) < 2 || len(arguments) > 2 && leaves(arguments[2]) {
			continue
		}
		event, ok := syntax.Text(arguments[0])
		if !ok || addsOnce[name] && !(c.theProcess(object) && last(event)) {
			continue
		}
		found = append(found, listener{call, object, event, arguments[1], name})
	}
	return found
}

// last says whether an event of the process is one of its end: what waits for it
// once waits as long as what waits for it always.
func last(event string) bool {
	switch event {
	case "exit", "beforeExit", "uncaughtException":
		return true
	}
	return strings.HasPrefix(event, "SIG")
}

// leaves says whether the options of a listener end it: once, a signal. What
// they are is not always written there.
func leaves(options ast.Expression) bool {
	literal, ok := options.(*ast.ObjectLiteral)
	if !ok {
		_, flag := options.(*ast.BooleanLiteral)
		return !flag
	}
	for _, p := range literal.Value {
		switch p := p.(type) {
		case *ast.PropertyKeyed:
			if name := syntax.Key(p.Key, p.Computed); name == "once" || name == "signal" {
				return true
			}
		case *ast.PropertyShort:
			return p.Name.Name == "signal" || p.Name.Name == "once"
		}
	}
	return false
}

// listenerInHandler finds listeners that each request adds to an emitter that
// outlives it.
func listenerInHandler(c *check) {
	for _, l := range c.listeners() {
		root := c.root(l.emitter)
		heat, hot := c.Hot(l.Scope)
		if !hot || !c.PerRequest(l.Site) || c.remade(l.emitter) || c.removed(l.emitter) || c.once(l) {
			continue
		}
		switch {
		case c.theProcess(l.emitter):
			if heat.Hops > 0 || heat.Message {
				continue // a program's start, that something like a handler leads to
			}
		case root == nil || !c.Outlives(root, l.Scope) || c.replaced(root):
			continue
		}
		if class, _ := c.classMethod(l.Scope); class != nil && heat.Hops > 0 {
			continue // listener-never-removed knows classes
		}
		if l.name == "addEventListener" && !c.newFunction(l.callback, l.Scope) {
			continue // the same function is added once only
		}
		c.reportListener(l, root, "each request adds a listener to %s, which outlives it, and nothing removes it")
	}
}

// reportListener tells of a listener of an emitter that root holds; the process has
// none.
func (c *check) reportListener(l listener, root *scope.Variable, message string) {
	at, ok := c.File.At(l.At.Node.Idx0())
	if !ok {
		return
	}
	name := written(l.emitter)
	f := Finding{At: at, Name: name, Variable: "process", Declared: at, Message: fmt.Sprintf(message, name) + c.called(l.Site)}
	if root != nil {
		f.Variable = root.Name
		if f.Declared, ok = c.File.At(root.At); !ok {
			return
		}
	}
	c.report(f)
}

// replaced says whether a hot function gives a variable another value: what it
// held before is not long-lived.
func (c *check) replaced(v *scope.Variable) bool {
	if c.anew == nil {
		c.anew = map[*scope.Variable]bool{}
		for _, r := range c.References {
			if _, hot := c.Hot(r.Scope); r.Write && !r.Init && hot {
				c.anew[r.Variable] = true
			}
		}
	}
	return c.anew[v]
}

// remade says whether a hot function gives a property another value: the
// emitter in it is not long-lived.
func (c *check) remade(emitter ast.Expression) bool {
	for _, w := range c.Writes {
		if _, hot := c.Hot(w.Scope); hot && syntax.SameName(w.At.Node.(*ast.AssignExpression).Left, emitter) {
			return true
		}
	}
	return false
}

// root is the variable that a chain of properties begins with.
func (c *check) root(n ast.Node) *scope.Variable {
	for {
		object, _, ok := syntax.Member(n)
		if !ok {
			return c.Variable(n)
		}
		n = object
	}
}

// theProcess says whether n is the process of Node.js, which nothing outlives.
func (c *check) theProcess(n ast.Node) bool {
	id, ok := syntax.Bare(n).(*ast.Identifier)
	if !ok || id.Name != "process" {
		return false
	}
	r := c.Reference(id)
	return r != nil && r.Variable == nil
}

// written is a chain of properties as the program writes it.
func written(n ast.Node) string {
	switch e := syntax.Bare(n).(type) {
	case *ast.Identifier:
		return e.Name.String()
	case *ast.ThisExpression:
		return "this"
	}
	object, name, ok := syntax.Member(n)
	if !ok {
		return "…"
	}
	if name == "" {
		return written(object) + "[…]"
	}
	return written(object) + "." + name
}

// removed says whether the file removes a listener from the emitter, or from
// one that may be it.
func (c *check) removed(emitter ast.Expression) bool {
	if !c.looked {
		c.looked = true
		for _, call := range c.Calls {
			if object, name, _, ok := syntax.Method(call.At.Node); ok && removes[name] {
				c.removals = append(c.removals, object)
			}
		}
	}
	return slices.ContainsFunc(c.removals, func(object ast.Expression) bool {
		return syntax.SameName(object, emitter) || c.root(object) == nil || c.root(object) == c.root(emitter)
	})
}

// once says whether an if around asks for listeners, or for a flag that is
// false but once.
func (c *check) once(l listener) bool {
	found := false
	conditions(l.Site, func(test ast.Node) {
		inspect(test, func(n ast.Node) {
			if _, name, ok := syntax.Member(n); ok && (name == "listenerCount" || name == "listeners" || name == "eventNames") {
				found = true
			}
			if v := c.Variable(n); v != nil && c.Outlives(v, l.Scope) && v.Written() {
				found = true
			}
		})
	})
	return found
}

// newFunction says whether each call makes a function of its own.
func (c *check) newFunction(callback ast.Expression, in *scope.Scope) bool {
	if c.FunctionOf(callback) != nil {
		return true
	}
	if v := c.Variable(callback); v != nil {
		return !c.Outlives(v, in)
	}
	_, name, _, ok := syntax.Method(callback)
	return ok && name == "bind"
}

// classMethod is the class whose constructor or method s is in.
func (c *check) classMethod(s *scope.Scope) (*ast.ClassLiteral, *scope.Scope) {
	for ; s != nil; s = s.Up {
		if s.Kind == scope.Class {
			class, _ := s.At.Node.(*ast.ClassLiteral)
			return class, s
		}
	}
	return nil, nil
}

// listenerNeverRemoved finds classes whose instances, made again and again, add
// themselves to an emitter that outlives them.
func listenerNeverRemoved(c *check) {
	for _, l := range c.listeners() {
		class, around := c.classMethod(l.Scope)
		root := c.root(l.emitter)
		if class == nil {
			continue
		}
		if !c.theProcess(l.emitter) && (root == nil || root.Scope.Kind != scope.Top || !around.Within(root.Scope)) {
			continue
		}
		if c.removed(l.emitter) || c.once(l) || !c.keepsThis(l.callback) || !c.madeOften(class) {
			continue
		}
		c.reportListener(l, root, "each instance adds itself to %s, which outlives it, and no method removes it")
	}
}

// keepsThis says whether a listener keeps the instance.
func (c *check) keepsThis(callback ast.Expression) bool {
	found := false
	inspect(callback, func(n ast.Node) {
		if _, this := n.(*ast.ThisExpression); this {
			found = true
		}
	})
	return found
}

// madeOften says whether a hot function of the file makes instances.
func (c *check) madeOften(class *ast.ClassLiteral) bool {
	for _, e := range class.Body {
		if m, ok := e.(*ast.MethodDefinition); ok && syntax.Key(m.Key, m.Computed) == "constructor" {
			_, hot := c.Hot(c.FunctionOf(m.Body))
			return hot
		}
	}
	return false
}
