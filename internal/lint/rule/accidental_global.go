package rule

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"github.com/plumb-dev/plumb/internal/lint/flow"
	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// accidentalGlobal finds assignments to names that nothing declares, in sloppy
// code. In strict code they throw, which is found soon enough; in TypeScript the
// compiler refuses them, unless the name is declared where no program runs.
func accidentalGlobal(c *check) {
	if c.forBrowsers() || c.File.TypeScript() {
		return
	}
	meant := c.meant()
	undeclared := map[string][]*scope.Reference{}
	for _, r := range c.References {
		if r.Variable == nil {
			undeclared[r.Name] = append(undeclared[r.Name], r)
		}
	}
	for _, r := range c.References {
		if r.Variable != nil || !r.Write || r.Read || r.Dynamic || r.Scope.Strict || c.readsItself(r) || meant[r.Name] || c.around.Global(r.Name) || asksForModules(r) {
			continue
		}
		at, ok := c.File.At(r.Idx)
		if !ok {
			continue
		}
		meant[r.Name] = true // one finding for each name
		f := Finding{
			At: at, Length: utf8.RuneCountInString(r.Name), Name: r.Name, Variable: r.Name, Declared: at,
			Message: fmt.Sprintf("%s is declared nowhere: it becomes a property of the global object, which keeps it as long as the process runs", r.Name),
		}
		if statement(r) {
			f.Fix = &Fix{Title: "Declare " + r.Name + " with let", Edits: []Edit{{at, "let "}}, Safe: local(r, undeclared[r.Name])}
		}
		c.report(f)
	}
}

// readsItself says whether the value needs the name to be there already: a = a ||
// {} throws, and makes nothing.
func (c *check) readsItself(r *scope.Reference) bool {
	found := false
	if r.Value != nil {
		inspect(r.Value, func(n ast.Node) {
			if other := c.Reference(n); other != nil && other.Name == r.Name && other.Scope == r.Scope && !other.Typeof {
				found = true
			}
		})
	}
	return found
}

// forBrowsers says whether a file is a script of a web page: it uses what only
// browsers have, and nothing of Node.js. Its globals are how such scripts know
// each other.
func (c *check) forBrowsers() bool {
	browser, node := false, false
	for _, r := range c.References {
		if r.Variable != nil {
			continue
		}
		switch r.Name {
		case "window", "document", "location", "jQuery", "$", "XMLHttpRequest", "Event", "localStorage":
			browser = true
		case "require", "module", "exports", "process", "__dirname", "__filename":
			node = node || !r.Typeof
		}
	}
	return browser && !node && !c.File.Module
}

// asksForModules says whether the assignment is what a file does where there
// are no modules: typeof exports === "object" ? exports : (helpers = {}).
func asksForModules(r *scope.Reference) bool {
	found := false
	conditions(scope.Site{At: r.At, Scope: r.Scope}, func(test ast.Node) {
		inspect(test, func(n ast.Node) {
			if u, ok := n.(*ast.UnaryExpression); ok && u.Operator == token.TYPEOF {
				found = true
			}
		})
	})
	return found
}

// meant are the names that a file knows to be global: it asks for their type,
// or writes them as a property of the global object.
func (c *check) meant() map[string]bool {
	names := map[string]bool{}
	for _, r := range c.References {
		if r.Typeof && r.Variable == nil {
			names[r.Name] = true
		}
	}
	maps.Copy(names, Globals(c.Flow))
	return names
}

// Globals are the names that a file reaches as properties of the global object:
// it knows them to be global, and so are they in the files beside it.
func Globals(fl *flow.Flow) map[string]bool {
	names := map[string]bool{}
	for _, m := range fl.Members {
		if object, name, ok := syntax.Member(m.At.Node); ok && globalObject(fl, object) {
			names[name] = true
		}
	}
	return names
}

// globalObject says whether an expression is the global object.
func (c *check) globalObject(n ast.Node) bool { return globalObject(c.Flow, n) }

func globalObject(fl *flow.Flow, n ast.Node) bool {
	id, ok := syntax.Bare(n).(*ast.Identifier)
	if !ok {
		return false
	}
	r := fl.Reference(id)
	if r == nil || r.Variable != nil {
		return false
	}
	switch id.Name {
	case "global", "globalThis", "window", "self", "root", "GLOBAL":
		return true
	}
	return false
}

// statement says whether the assignment is a statement of its own, which a
// declaration can replace.
func statement(r *scope.Reference) bool {
	assign, ok := r.At.Up.Node.(*ast.AssignExpression)
	return ok && assign.Operator == token.ASSIGN && assign.Left == r.At.Node && ownStatement(r.At.Up)
}

// local says whether all that uses the name stands in the block of this
// assignment, after it: a declaration there changes nothing else.
func local(r *scope.Reference, all []*scope.Reference) bool {
	return !slices.ContainsFunc(all, func(other *scope.Reference) bool {
		return !other.Scope.Within(r.Scope) || other.Idx < r.Idx
	})
}
