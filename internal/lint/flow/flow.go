package flow

import (
	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Flow is what is known of one file.
type Flow struct {
	File *syntax.File
	*scope.Analysis

	hot        map[*scope.Scope]*Heat
	callers    map[*scope.Scope][]scope.Site      // of hot functions that are no handlers
	members    map[string][]scope.Site            // accesses to properties, by name
	writes     map[string][]scope.Site            // assignments to properties, by name
	classes    map[*scope.Scope]*ast.ClassLiteral // of methods
	looks      int                                // left, see targets
	made       map[*ast.ClassLiteral][]scope.Site // where instances are made
	kept       map[*ast.ClassLiteral]bool         // one instance, that other files make while they load or a framework does
	types      map[string]string                  // see injected
	handedOver map[*scope.Scope][][]bool          // which arguments vary, of calls from other files

	calls  map[*scope.Scope][]scope.Site   // by the function that they are in
	inside map[*scope.Scope][]*scope.Scope // functions, the same
}

// Heat is why a function runs once per request.
type Heat struct {
	Handler *scope.Scope // the handler that it is, or that leads to it
	Hops    int          // calls between them
	Message bool         // the handler is told many things, not all of them often

	// Of what another file calls: where the call is.
	File string
	From syntax.Position
}

// maxHops bounds the calls from a handler: what is farther away is more often
// guarded by something in between.
const maxHops = 3

// New looks through a file.
func New(f *syntax.File, a *scope.Analysis) *Flow {
	fl := &Flow{
		File: f, Analysis: a,
		hot: map[*scope.Scope]*Heat{}, callers: map[*scope.Scope][]scope.Site{}, members: map[string][]scope.Site{}, writes: map[string][]scope.Site{},
		classes: map[*scope.Scope]*ast.ClassLiteral{}, made: map[*ast.ClassLiteral][]scope.Site{},
		kept: map[*ast.ClassLiteral]bool{}, handedOver: map[*scope.Scope][][]bool{}, calls: map[*scope.Scope][]scope.Site{}, inside: map[*scope.Scope][]*scope.Scope{},
	}
	for _, site := range a.Members {
		if _, name, ok := syntax.Member(site.At.Node); ok && name != "" {
			fl.members[name] = append(fl.members[name], site)
		}
	}
	for _, w := range a.Writes {
		if _, name, ok := syntax.Member(w.At.Node.(*ast.AssignExpression).Left); ok && name != "" {
			fl.writes[name] = append(fl.writes[name], w)
		}
	}
	for _, c := range a.Calls {
		if class := fl.instantiated(c.At.Node); class != nil {
			fl.made[class] = append(fl.made[class], c)
		}
	}
	for _, c := range a.Classes {
		class := c.At.Node.(*ast.ClassLiteral)
		for _, e := range class.Body {
			if m, ok := e.(*ast.MethodDefinition); ok {
				fl.classes[a.FunctionOf(m.Body)] = class
			}
		}
	}
	fl.heat()
	return fl
}

// heat finds the handlers and what they call.
func (fl *Flow) heat() {
	for _, c := range fl.Calls {
		f := c.Scope.Function()
		fl.calls[f] = append(fl.calls[f], c)
	}
	for _, s := range fl.Functions {
		outer := s.Up.Function()
		fl.inside[outer] = append(fl.inside[outer], s)
	}
	var queue []*scope.Scope
	for _, h := range fl.handlers() {
		queue = fl.mark(queue, h.Handler, &h)
	}
	fl.follow(queue)
}

// spread has one more function be hot, and what it calls.
func (fl *Flow) spread(s *scope.Scope, h *Heat) { fl.follow(fl.mark(nil, s, h)) }

func (fl *Flow) mark(queue []*scope.Scope, s *scope.Scope, h *Heat) []*scope.Scope {
	if s == nil || fl.hot[s] != nil {
		return queue
	}
	fl.hot[s] = h
	return append(queue, s)
}

func (fl *Flow) follow(queue []*scope.Scope) {
	for i := 0; i < len(queue); i++ {
		s := queue[i]
		h := fl.hot[s]
		for _, inner := range fl.inside[s] {
			queue = fl.mark(queue, inner, h)
		}
		if h.Hops == maxHops {
			continue
		}
		for _, c := range fl.calls[s] {
			callee, _, _ := syntax.Call(c.At.Node)
			for _, target := range fl.Targets(callee, c.Scope) {
				fl.callers[target] = append(fl.callers[target], c)
				next := *h
				next.Hops++
				queue = fl.mark(queue, target, &next)
			}
		}
	}
}

// Hot says whether what stands in s runs once per request, and why.
func (fl *Flow) Hot(s *scope.Scope) (*Heat, bool) {
	h, ok := fl.hot[s.Function()]
	return h, ok
}

// PerRequest says whether a place is hot. One case of what a message can be is
// not: "start" comes once.
func (fl *Flow) PerRequest(site scope.Site) bool {
	h, hot := fl.Hot(site.Scope)
	if !hot || !h.Message {
		return hot
	}
	for at := site.At; at != nil; at = at.Up {
		if _, ok := at.Node.(*ast.CaseStatement); ok {
			return false
		}
	}
	return true
}

// outermost is the outermost hot function around s.
func (fl *Flow) outermost(s *scope.Scope) *scope.Scope {
	var found *scope.Scope
	for ; s != nil; s = s.Up {
		if fl.hot[s] != nil {
			found = s
		}
	}
	return found
}

// Outlives says whether a variable lives on when the request that runs in s is
// over: it is declared outside of all that is hot around.
func (fl *Flow) Outlives(v *scope.Variable, s *scope.Scope) bool {
	hot := fl.outermost(s)
	return hot != nil && !v.Scope.Within(hot) && v.Kind != scope.Parameter
}
