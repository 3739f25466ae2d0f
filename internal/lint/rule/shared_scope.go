package rule

import (
	"fmt"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// closureKeepsLargeScope finds functions that keep, through the context that
// all closures of one call share, what only another closure uses: a chain
// through everything that a variable held before.
func closureKeepsLargeScope(c *check) {
	for _, r := range c.References {
		outer := r.Variable
		if outer == nil || !r.Write || r.Init || r.Value == nil || outer.Kind == scope.Parameter {
			continue
		}
		made := r.Scope.Function()
		if made.Kind == scope.Top || outer.Scope.Within(made) || !c.makesClosure(r.Value) {
			continue
		}
		for _, previous := range c.locals(made) {
			if previous.Init == nil || c.root(previous.Init) != outer || !c.captured(previous, r.Value) {
				continue
			}
			at, ok := c.File.At(previous.At)
			declared, known := c.File.At(outer.At)
			if ok && known {
				c.report(Finding{
					At: at, Length: len(previous.Name), Name: previous.Name, Variable: outer.Name, Declared: declared,
					Message: fmt.Sprintf("a closure uses %s, so the functions that %s is given keep it too: a chain through all that %s ever was",
						previous.Name, outer.Name, outer.Name),
				})
			}
		}
	}
}

// makesClosure says whether a value has a function of its own.
func (c *check) makesClosure(n ast.Node) bool {
	found := false
	inspect(n, func(n ast.Node) { found = found || c.FunctionOf(n) != nil })
	return found
}

// locals are the variables of a function that hold what another one does.
func (c *check) locals(function *scope.Scope) []*scope.Variable {
	if c.copies == nil {
		c.copies = map[*scope.Scope][]*scope.Variable{}
		for _, r := range c.References {
			if v := r.Variable; v != nil && r.Init {
				if _, ok := syntax.Bare(v.Init).(*ast.Identifier); ok {
					c.copies[v.Scope.Function()] = append(c.copies[v.Scope.Function()], v)
				}
			}
		}
	}
	return c.copies[function]
}

// captured says whether a closure uses a variable, which puts it into the
// context, but none in value does: that one would wrap the old value on purpose.
func (c *check) captured(v *scope.Variable, value ast.Node) bool {
	found := false
	for _, r := range v.References {
		if !r.Read || r.Scope.Function() == v.Scope.Function() {
			continue
		}
		for at := r.At; at != nil; at = at.Up {
			if at.Node == value {
				return false
			}
		}
		found = true
	}
	return found
}
