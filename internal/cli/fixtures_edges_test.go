package cli

import "github.com/plumb-dev/plumb/internal/testheap"

// edges is a program with a cache that a closure's context holds, with
// allocation stacks, samples and dead variables.
func edges() *testheap.Builder {
	b := testheap.New()
	b.Format = testheap.Chromium()
	b.Format.NodeFields = testheap.Node20().NodeFields
	root := b.Node("synthetic", "", 0)
	global := b.Node("object", "global", 16)
	b.Edge(root, "shortcut", "global", global)
	handler := b.Node("closure", "handler", 64)
	b.Edge(global, "property", "handler", handler)
	context := b.Node("object", "system / Context", 32)
	b.Edge(handler, "internal", "context", context)
	cache := b.Node("object", "Map", 48)
	b.Edge(context, "context", "cache", cache)
	entry := b.Node("object", "Object", 24)
	b.Element(cache, 0, entry)
	agent := b.Node("string", "Mozilla/5.0 \"x\"\n", 200)
	b.Edge(entry, "property", "agent", agent)
	b.Edge(entry, "weak", "cache", cache)
	b.Edge(agent, "internal", "back", entry)
	garbage := b.Node("object", "Garbage", 8)
	b.Edge(garbage, "property", "agent", agent)
	big := b.Node("object", "Blob", 1000)
	b.Edge(context, "context", "big", big)

	function := b.Function(testheap.Function{Name: "(root)"})
	main := b.Function(testheap.Function{Name: "main", Script: "app.js", ScriptID: 7, Line: 3, Column: 5})
	fill := b.Function(testheap.Function{Name: "fill", Script: "app.js", ScriptID: 7, Line: 9, Column: 2})
	inMain := b.Trace(b.Trace(0, function, 0, 0), main, 1, 64)
	inFill := b.Trace(inMain, fill, 4, 800)
	b.Set(handler, "trace_node_id", inMain)
	b.Set(agent, "trace_node_id", inFill)
	b.Sample(0, 7)
	b.Sample(250500, 99)

	script := b.Node("code", "system / Script / app.js", 8)
	b.Edge(root, "internal", "script", script)
	b.Scope(testheap.Scope{Script: script, ID: 1, Depth: 0, Vars: []string{"cache", "big"}})
	b.Scope(testheap.Scope{Script: script, ID: 2, Depth: 1, Uses: []testheap.Use{{Scope: 1, Slot: 0}}})
	shared := b.Node("code", "system / SharedFunctionInfo", 8)
	b.Edge(handler, "internal", "shared", shared)
	b.Edge(shared, "internal", "script", script)
	outer := b.Node("code", "system / ScopeInfo", 8)
	b.Edge(context, "internal", "scope_info", outer)
	outerFunction := b.Node("code", "system / SharedFunctionInfo", 8)
	b.Edge(root, "internal", "f", outerFunction)
	b.Edge(outerFunction, "internal", "script", script)
	b.Edge(outerFunction, "internal", "name_or_scope_info", outer)
	one, two := b.Node("number", "int", 0), b.Node("number", "int", 0)
	b.Edge(one, "internal", "value", b.Node("string", "1", 0))
	b.Edge(two, "internal", "value", b.Node("string", "2", 0))
	b.Edge(outer, "internal", "scope_id", one)
	b.Edge(shared, "internal", "scope_id", two)
	return b
}
