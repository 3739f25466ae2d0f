package devtools

import (
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// scan walks over all nodes once and collects scripts, contexts, and the
// contexts in reach of living closures (scanHeap, buildLiveFunctions).
func (a *contextAnalyzer) scan() {
	a.scripts = make(map[heap.Node]string)
	a.scriptOf = make(map[heap.Node]scriptOfScope)
	a.live = make(map[scopeKey]map[heap.Node]bool)
	for i := range a.snap.NodeCount() {
		n := heap.Node(i)
		name := a.snap.Name(n)
		switch {
		case strings.HasPrefix(name, "system / Script"):
			a.scripts[n] = a.scriptName(n, name)
		case isContext(name):
			if info, ok := a.target(n, "scope_info"); ok {
				a.contexts = append(a.contexts, contextNode{n, info})
			}
		case a.snap.Type(n) == heap.Closure:
			a.closure(n)
		case strings.HasPrefix(name, "system / SharedFunctionInfo"):
			a.function(n)
		}
	}
}

func (a *contextAnalyzer) scriptName(n heap.Node, raw string) string {
	if name, ok := strings.CutPrefix(raw, "system / Script / "); ok && name != "" {
		return name
	}
	if url, ok := a.target(n, "source_url"); ok {
		return a.view.DisplayName(url)
	}
	return ""
}

// closure notes the contexts that the closure n can reach.
func (a *contextAnalyzer) closure(n heap.Node) {
	function, ok := a.target(n, "shared")
	if !ok {
		return
	}
	context, ok := a.target(n, "context")
	if !ok {
		return
	}
	script, ok := a.target(function, "script")
	if !ok {
		return
	}
	id, ok := a.number(function, "scope_id")
	if !ok {
		return
	}
	key := scopeKey{uint64(script), id}
	reach := a.live[key]
	if reach == nil {
		reach = make(map[heap.Node]bool)
		a.live[key] = reach
	}
	for !reach[context] && isContext(a.snap.Name(context)) {
		reach[context] = true
		if context, ok = a.target(context, "previous"); !ok {
			return
		}
	}
}

// function notes to which script a ScopeInfo belongs, from the function's
// SharedFunctionInfo n.
func (a *contextAnalyzer) function(n heap.Node) {
	info, ok := a.target(n, "name_or_scope_info")
	if !ok || a.snap.Name(info) != "system / ScopeInfo" {
		return
	}
	script, ok := a.target(n, "script")
	if !ok || !strings.HasPrefix(a.snap.Name(script), "system / Script") {
		return
	}
	a.scriptOf[info] = scriptOfScope{script, true}
}

// script finds the script of a ScopeInfo: its own or that of the nearest
// scope around it (resolveScopeInfoScriptNodeIndex).
func (a *contextAnalyzer) script(info heap.Node) (heap.Node, bool) {
	var way []heap.Node
	seen := make(map[heap.Node]bool)
	var found scriptOfScope
	for at := info; !seen[at]; {
		if known, ok := a.scriptOf[at]; ok {
			found = known
			break
		}
		seen[at] = true
		way = append(way, at)
		outer, ok := a.target(at, "outer_scope_info")
		if !ok {
			break
		}
		at = outer
	}
	for _, n := range way {
		a.scriptOf[n] = found
	}
	return found.script, found.found
}

// matchContexts groups the contexts by ScopeInfo and finds each one's scope
// (correlateContextsWithScopes). Contexts without a script or a scope of their
// own are passed over, as in DevTools.
func (a *contextAnalyzer) matchContexts() {
	scopes := make(map[heap.Node]*matchedScope)
	unscoped := make(map[heap.Node]*ScriptWithoutScopes)
	for _, c := range a.contexts {
		if m := scopes[c.scopeInfo]; m != nil {
			m.contexts = append(m.contexts, c.node)
			continue
		}
		id, ok := a.number(c.scopeInfo, "scope_id")
		if !ok {
			continue
		}
		script, ok := a.script(c.scopeInfo)
		if !ok {
			continue
		}
		name, ok := a.scripts[script]
		if !ok {
			continue
		}
		if !a.table.scripts[uint64(script)] {
			if unscoped[script] == nil {
				unscoped[script] = &ScriptWithoutScopes{Script: script, Name: name}
				a.unscoped = append(a.unscoped, unscoped[script])
			}
			unscoped[script].Contexts++
			continue
		}
		scope := a.table.scopes[scopeKey{uint64(script), id}]
		if scope == nil {
			continue
		}
		m := &matchedScope{
			scopeInfo: c.scopeInfo, script: script, scope: scope,
			fields: a.fieldNames(c.node), contexts: []heap.Node{c.node},
		}
		scopes[c.scopeInfo] = m
		a.matched = append(a.matched, m)
	}
}
