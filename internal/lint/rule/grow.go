package rule

import (
	"fmt"
	"regexp"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"github.com/plumb-dev/plumb/internal/lint/flow"
	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// growOnlyCollection finds arrays that grow once per request and never shrink.
func growOnlyCollection(c *check) {
	c.growth(func(shape flow.Shape) bool { return shape == flow.Array },
		"%s grows with each request and nothing in this file takes anything out")
}

// unboundedCache finds Maps, Sets and objects that get new keys for ever.
func unboundedCache(c *check) {
	c.growth(func(shape flow.Shape) bool { return shape != flow.Array },
		"%s gets new keys with each request and nothing in this file takes any out")
}

func (c *check) growth(shaped func(flow.Shape) bool, message string) {
	for _, box := range c.long() {
		if !shaped(box.Shape) || quiet.MatchString(box.Name) || box.Shrinks() || box.Escapes() {
			continue
		}
		if declared, ok := c.File.At(box.At); ok {
			if c.reported("timer-closure-grows", declared) {
				continue
			}
			c.grown(box, "", declared, message)
		}
	}
	c.importedGrowth(shaped, message)
}

// grown reports the first place that grows a collection without end.
func (c *check) grown(box *flow.Container, in string, declared syntax.Position, message string) {
	for _, u := range box.Uses {
		if !c.endless(box, u) {
			continue
		}
		if at, ok := c.File.At(u.Node.Idx0()); ok {
			c.report(Finding{
				At: at, Name: box.Name, Variable: box.Last(), Declared: declared, In: in,
				Message: fmt.Sprintf(message, box.Name) + c.called(u.Site),
			})
			return
		}
	}
}

// importedGrowth looks at what this file grows and another one declares.
func (c *check) importedGrowth(shaped func(flow.Shape) bool, message string) {
	done := map[*scope.Variable]bool{}
	for _, r := range c.References {
		v := r.Variable
		if v == nil || v.Kind != scope.Import || done[v] || v.Imported == "*" {
			continue
		}
		done[v] = true
		box := &flow.Container{Name: v.Name, Variable: v, Uses: c.UsesAsImport(v)}
		grows := false
		for _, u := range box.Uses {
			grows = grows || u.Effect == flow.Grows
		}
		if !grows || box.Shrinks() || box.Escapes() || quiet.MatchString(v.Name) {
			continue
		}
		other := c.around.Import(v.Module)
		if other == nil {
			continue
		}
		for _, theirs := range other.Containers() {
			if theirs.Property != "" || theirs.Variable.Name != v.Imported || theirs.Variable.Scope.Kind != scope.Top ||
				theirs.Shrinks() || !shaped(theirs.Shape) {
				continue
			}
			box.Shape = theirs.Shape
			if declared, ok := other.File.At(theirs.At); ok {
				c.grown(box, other.File.Path, declared, message)
			}
		}
	}
}

// quiet are names of what is filled once, or with few things.
var quiet = regexp.MustCompile(`(?i)warn|deprecat|registry|registered|plugin|middleware|handlers?$|routes?$|schema|types?$|options|config|instances|loaded|initiali[sz]ed`)

// endless says whether a use grows a collection once per request, without a
// bound that the place itself has.
func (c *check) endless(box *flow.Container, u flow.Use) bool {
	if !box.Grows(u) || !c.repeated(box, u) {
		return false
	}
	if c.bounded(u) {
		return false
	}
	switch box.Shape {
	case flow.Array:
		if u.Key != nil {
			object, name, ok := syntax.Member(u.Key)
			return ok && name == "length" && syntax.SameName(object, u.Site.At.Node) // array[array.length] = x, not array[i] = x
		}
		return !c.askedFor(u) || c.Varies(u.Value)
	case flow.Object:
		if _, flag := u.Value.(*ast.BooleanLiteral); flag || u.Key == nil {
			return false
		}
	}
	return u.Key != nil && c.Varies(u.Key)
}

// repeated says whether the growth happens once per request while the
// collection outlives it.
func (c *check) repeated(box *flow.Container, u flow.Use) bool {
	return c.PerRequest(u.Site) && c.Outlives(box.Variable, u.Site.Scope)
}

// bounded says whether an if around compares the size of something, or happens
// once.
func (c *check) bounded(u flow.Use) bool {
	found := false
	conditions(u.Site, func(test ast.Node) {
		inspect(test, func(n ast.Node) {
			if b, ok := n.(*ast.BinaryExpression); ok {
				switch b.Operator {
				case token.LESS, token.LESS_OR_EQUAL, token.GREATER, token.GREATER_OR_EQUAL:
					found = found || measures(b.Left) || measures(b.Right)
				}
			}
		})
	})
	return found
}

func measures(n ast.Node) bool {
	_, name, _ := syntax.Member(n)
	return name == "length" || name == "size"
}

// askedFor says whether an if around asks the collection for the value first.
func (c *check) askedFor(u flow.Use) bool {
	found := false
	conditions(u.Site, func(test ast.Node) {
		inspect(test, func(n ast.Node) {
			if object, name, _, ok := syntax.Method(n); ok && asks[name] && syntax.SameName(object, u.Site.At.Node) {
				found = true
			}
		})
	})
	return found
}

var asks = map[string]bool{"includes": true, "indexOf": true, "find": true, "findIndex": true, "some": true, "has": true}

// conditions are the tests around a place, inside its function.
func conditions(site scope.Site, visit func(test ast.Node)) {
	below := site.At.Node
	for at := site.At.Up; at != nil; at = at.Up {
		switch n := at.Node.(type) {
		case *ast.IfStatement:
			if below != n.Test {
				visit(n.Test)
			}
		case *ast.ConditionalExpression:
			visit(n.Test)
		case *ast.BinaryExpression:
			if n.Operator == token.LOGICAL_AND || n.Operator == token.LOGICAL_OR {
				visit(n.Left)
			}
		case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
			return
		}
		below = at.Node
	}
}

// inspect calls visit for n and all below.
func inspect(n ast.Node, visit func(ast.Node)) {
	visit(n)
	syntax.Children(n, func(child ast.Node) { inspect(child, visit) })
}
