package devtools

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// ContextAnalysis says which variables no living function can read any more,
// though a context still holds their values.
type ContextAnalysis struct {
	Scopes []ScopeAnalysis // largest dead size first
	// ScriptsWithoutScopes are scripts whose contexts could not be judged: the
	// snapshot holds no scopes for them.
	ScriptsWithoutScopes []ScriptWithoutScopes
}

// ScopeAnalysis is a scope of the source with contexts that hold dead fields.
type ScopeAnalysis struct {
	ScopeInfo  heap.Node
	Script     heap.Node
	ScriptName string
	// Function is the name of the function; HasFunction says whether the
	// scope has one at all.
	Function    string
	HasFunction bool
	Start, End  int64 // positions in the script's source
	FieldCount  int
	Contexts    []DeadContext
}

// DeadContext is a context with fields that no living function can read.
type DeadContext struct {
	Node heap.Node
	// DeadSize is the sum of the retained sizes of the dead fields, bytes; what
	// two of them retain together is in it twice or not at all.
	DeadSize uint64
	Fields   []DeadField // largest retained size first
}

// DeadField is a variable in a context and the value it still holds.
type DeadField struct {
	Name  string
	Value heap.Node
}

// ScriptWithoutScopes is a script that cannot be judged.
type ScriptWithoutScopes struct {
	Script   heap.Node
	Name     string
	Contexts int
}

// Contexts finds the dead fields of all contexts (ContextAnalyzer). It needs
// the scopes that Chrome 156 and later write into snapshots; without them every
// script with contexts is among ScriptsWithoutScopes at best.
//
// A field is alive when a scope that uses it, or one around that scope,
// belongs to a living closure whose chain of contexts holds the context.
func (v *View) Contexts() ContextAnalysis {
	a := contextAnalyzer{view: v, snap: v.snap, edges: make(map[string][]heap.StringID)}
	a.table = readScopes(v.snap)
	a.scan()
	a.matchContexts()
	var out ContextAnalysis
	for _, m := range a.matched {
		if s, ok := a.judge(m); ok {
			out.Scopes = append(out.Scopes, s)
		}
	}
	slices.SortStableFunc(out.Scopes, func(x, y ScopeAnalysis) int {
		return a.compare(x.Contexts[0], y.Contexts[0])
	})
	for _, script := range a.unscoped {
		out.ScriptsWithoutScopes = append(out.ScriptsWithoutScopes, *script)
	}
	slices.SortFunc(out.ScriptsWithoutScopes, func(x, y ScriptWithoutScopes) int { return cmp.Compare(x.Script, y.Script) })
	return out
}

// contextAnalyzer holds what is known of scripts, contexts and closures.
type contextAnalyzer struct {
	view  *View
	snap  *heap.Snapshot
	table scopeTable
	edges map[string][]heap.StringID // string IDs of the edge names asked for

	scripts  map[heap.Node]string // name of each script
	contexts []contextNode
	// scriptOf is the script of a ScopeInfo; false: looked up, there is none.
	scriptOf map[heap.Node]scriptOfScope
	// live holds, for each function that a closure lives of, the contexts in
	// reach of those closures.
	live map[scopeKey]map[heap.Node]bool

	matched  []*matchedScope
	unscoped []*ScriptWithoutScopes
}

type contextNode struct{ node, scopeInfo heap.Node }

type scriptOfScope struct {
	script heap.Node
	found  bool
}

// matchedScope is a ScopeInfo of the heap whose scope is in the file.
type matchedScope struct {
	scopeInfo heap.Node
	script    heap.Node
	scope     *scope
	fields    []string // names, from the first context seen
	contexts  []heap.Node
}

// judge finds the dead fields of a scope's contexts; false when there are none.
func (a *contextAnalyzer) judge(m *matchedScope) (ScopeAnalysis, bool) {
	var contexts []DeadContext
	for _, c := range m.contexts {
		dead := DeadContext{Node: c}
		for i, value := range a.fieldValues(c) {
			if i >= len(m.fields) {
				break
			}
			v := m.scope.variable(m.fields[i])
			if v == nil || a.used(m.script, c, v) {
				continue
			}
			dead.Fields = append(dead.Fields, DeadField{m.fields[i], value})
			dead.DeadSize += a.snap.RetainedSize(value)
		}
		if len(dead.Fields) == 0 {
			continue
		}
		slices.SortStableFunc(dead.Fields, func(x, y DeadField) int {
			return cmp.Compare(a.snap.RetainedSize(y.Value), a.snap.RetainedSize(x.Value))
		})
		contexts = append(contexts, dead)
	}
	if len(contexts) == 0 {
		return ScopeAnalysis{}, false
	}
	slices.SortStableFunc(contexts, a.compare)
	s := ScopeAnalysis{
		ScopeInfo: m.scopeInfo, Script: m.script, ScriptName: a.scripts[m.script],
		FieldCount: len(m.fields), Contexts: contexts,
	}
	s.Start, _ = a.number(m.scopeInfo, "start_position")
	s.End, _ = a.number(m.scopeInfo, "end_position")
	if name, ok := a.target(m.scopeInfo, "function_name"); ok {
		s.Function, s.HasFunction = a.view.DisplayName(name), true
	}
	return s, true
}

// used says whether a living closure can still read v in the context c.
// Running a closure can make the closures written inside it, so the scopes
// around the place of use count too.
func (a *contextAnalyzer) used(script, c heap.Node, v *variable) bool {
	for _, use := range v.uses {
		for at := use; at != nil; at = at.parent {
			if a.live[scopeKey{uint64(script), at.id}][c] {
				return true
			}
		}
	}
	return false
}

func (a *contextAnalyzer) compare(x, y DeadContext) int {
	return cmp.Or(
		cmp.Compare(y.DeadSize, x.DeadSize),
		cmp.Compare(a.snap.RetainedSize(y.Node), a.snap.RetainedSize(x.Node)),
		cmp.Compare(x.Node, y.Node))
}

// fieldValues lists the targets of a context's variables, in edge order.
func (a *contextAnalyzer) fieldValues(c heap.Node) []heap.Node {
	var values []heap.Node
	for e, end := a.snap.Edges(c); e < end; e++ {
		if a.snap.EdgeType(e) == heap.ContextEdge {
			values = append(values, a.snap.EdgeTarget(e))
		}
	}
	return values
}

func (a *contextAnalyzer) fieldNames(c heap.Node) []string {
	var names []string
	for e, end := a.snap.Edges(c); e < end; e++ {
		if a.snap.EdgeType(e) == heap.ContextEdge {
			names = append(names, a.snap.EdgeName(e))
		}
	}
	return names
}

// target follows n's first internal edge of that name.
func (a *contextAnalyzer) target(n heap.Node, edge string) (heap.Node, bool) {
	ids, ok := a.edges[edge]
	if !ok {
		ids = a.snap.FindStrings(edge)
		a.edges[edge] = ids
	}
	for e, end := a.snap.Edges(n); e < end; e++ {
		if a.snap.EdgeType(e) == heap.InternalEdge && slices.Contains(ids, heap.StringID(a.snap.EdgeNameID(e))) {
			return a.snap.EdgeTarget(e), true
		}
	}
	return 0, false
}

// number reads an integer that V8 wrote as a node of its own: n's edge leads
// to a number "int", whose edge "value" leads to the digits.
func (a *contextAnalyzer) number(n heap.Node, edge string) (int64, bool) {
	at, ok := a.target(n, edge)
	if !ok || a.snap.Type(at) != heap.Number || a.snap.Name(at) != "int" {
		return 0, false
	}
	digits, ok := a.target(at, "value")
	if !ok {
		return 0, false
	}
	return parseInt(a.snap.Name(digits))
}

// parseInt reads the integer that s begins with, as JavaScript's parseInt.
func parseInt(s string) (int64, bool) {
	s = strings.TrimLeft(s, "\t\n\v\f\r \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || end == 0 && (s[0] == '-' || s[0] == '+')) {
		end++
	}
	i, err := strconv.ParseInt(s[:end], 10, 64)
	return i, err == nil
}

// isContext says whether a raw name is that of a function's context.
func isContext(name string) bool {
	rest, ok := strings.CutPrefix(name, "system / Context")
	return ok && (rest == "" || strings.HasPrefix(rest, " / "))
}
