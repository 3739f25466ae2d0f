package rule

import (
	"fmt"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"github.com/plumb-dev/plumb/internal/lint/flow"
	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// globalAsStore finds what each request adds to an object that everything can
// reach: global.x, process.x, app.locals.x.
func globalAsStore(c *check) {
	done := map[string]bool{}
	for _, m := range c.Members {
		object, name, ok := syntax.Member(m.At.Node)
		if !ok || name == "" || done[name] || !c.reachable(object) || quiet.MatchString(name) {
			continue
		}
		box := &flow.Container{Shape: flow.Object, Name: written(m.At.Node), Property: name}
		box.Uses = c.UsesOfProperty(name, func(n ast.Expression) bool { return c.reachable(n) })
		if c.emptied(box) {
			continue
		}
		for _, u := range box.Uses {
			if u.Effect != flow.Grows || !c.PerRequest(u.Site) || c.bounded(u) || c.askedFor(u) && !c.Varies(u.Value) {
				continue
			}
			if u.Key != nil && !c.Varies(u.Key) {
				continue
			}
			if at, ok := c.File.At(u.Node.Idx0()); ok {
				done[name] = true
				c.report(Finding{
					At: at, Name: box.Name, Variable: name, Declared: at,
					Message: fmt.Sprintf("each request adds to %s, which everything can reach and nothing in this file empties", box.Name),
				})
				break
			}
		}
	}
}

// reachable says whether an object lives as long as the process and is known
// to all: the global object, process, the locals of an app.
func (c *check) reachable(n ast.Node) bool {
	if c.globalObject(n) || c.theProcess(n) {
		return true
	}
	object, name, ok := syntax.Member(n)
	if !ok || name != "locals" {
		return false
	}
	if _, property, member := syntax.Member(object); member {
		return property == "app"
	}
	id, ok := syntax.Bare(object).(*ast.Identifier)
	return ok && id.Name == "app"
}

// emptied says whether anything takes out of a property again; its first value
// is given to it while the module loads.
func (c *check) emptied(box *flow.Container) bool {
	for _, u := range box.Uses {
		if u.Effect != flow.Shrinks {
			continue
		}
		assign, ok := u.Site.At.Parent().Node.(*ast.AssignExpression)
		if !ok || u.Site.Scope.Function().Kind != scope.Top || c.ShapeOf(unlessThere(assign.Right)) == "" {
			return true
		}
	}
	return false
}

// unlessThere is b of a || b and a ?? b.
func unlessThere(n ast.Expression) ast.Expression {
	if e, ok := n.(*ast.BinaryExpression); ok && (e.Operator == token.LOGICAL_OR || e.Operator == token.COALESCE) {
		return e.Right
	}
	return n
}
