package leak

import (
	"net/url"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// Script is one entry of a capture record: which file a script id is.
type Script struct {
	ID  int64  `json:"id"`
	URL string `json:"url"`
}

// scripts finds the source file of functions. V8 does not write a script's id
// next to its name, but each closure has both: the id in its location, the
// name over its shared function info.
type scripts struct {
	*graph
	url    map[int64]string
	source map[int64]heap.Node // the script's node, for its text
}

func newScripts(g *graph, record []Script) *scripts {
	sc := &scripts{graph: g, url: map[int64]string{}, source: map[int64]heap.Node{}}
	for n := range g.s.NodeCount() {
		n := heap.Node(n)
		if g.s.Type(n) != heap.Closure {
			continue
		}
		at, ok := g.s.Location(n)
		if !ok {
			continue
		}
		if _, known := sc.url[at.ScriptID]; known {
			continue
		}
		if shared, ok := g.target(n, heap.InternalEdge, "shared"); ok {
			if script, ok := sc.ofShared(shared); ok {
				sc.url[at.ScriptID], sc.source[at.ScriptID] = g.s.Name(script), script
			}
		}
	}
	for _, r := range record {
		sc.url[r.ID] = r.URL
	}
	return sc
}

// ScriptURLs is where the scripts of a snapshot come from, by their ids in locations:
// those of which a function is alive.
func ScriptURLs(s *heap.Snapshot) map[int64]string { return newScripts(newGraph(s), nil).url }

// ofShared finds the script node of a shared function info.
func (sc *scripts) ofShared(shared heap.Node) (heap.Node, bool) {
	n, ok := sc.target(shared, heap.InternalEdge, "script", "script_or_debug_info")
	if ok && sc.s.Name(n) == "system / DebugInfo" {
		n, ok = sc.target(n, heap.InternalEdge, "script")
	}
	return n, ok && sc.s.Type(n) == heap.Code
}

// isNode says whether a script is part of Node.js (or of the browser) itself.
func isNode(url string) bool {
	return strings.HasPrefix(url, "node:") || strings.HasPrefix(url, "internal/") ||
		strings.HasPrefix(url, "ext:") || strings.HasPrefix(url, "chrome-extension:") || strings.HasPrefix(url, "extensions::")
}

// isLibrary says whether a script was installed rather than written.
func isLibrary(url string) bool { return strings.Contains(url, "/node_modules/") }

// isUser says whether a script belongs to the program under watch.
func isUser(url string) bool { return url != "" && url != "evalmachine.<anonymous>" && !isNode(url) }

// filePath turns the URL of a script into a path; URLs of ECMAScript modules
// begin with file://.
func filePath(script string) string {
	if u, err := url.Parse(script); err == nil && u.Scheme == "file" {
		return u.Path
	}
	return script
}

// place is where something stands in the source.
type place struct {
	url      string
	function string // enclosing or own, "" when unknown
	line     int    // from 1, 0 unknown
	column   int    // from 1, 0 unknown
	script   int64
}

// at is where the source of a closure or of an object's constructor begins.
func (sc *scripts) at(n heap.Node) (place, bool) {
	at, ok := sc.s.Location(n)
	if !ok {
		return place{}, false
	}
	return place{
		url: sc.url[at.ScriptID], function: sc.s.Name(n), script: at.ScriptID,
		line: int(at.Line) + 1, column: int(at.Column) + 1,
	}, true
}

// scope describes the function whose variables a context holds.
type scope struct {
	place
	module  bool  // the variables of a module: they live as long as it
	witness place // a function that sees them
}

// scopeOf asks everything that shares the context's scope for its source.
func (sc *scripts) scopeOf(context heap.Node) scope {
	var found scope
	if up, ok := sc.target(context, heap.InternalEdge, "previous"); !ok || !sc.isContext(up) || strings.Contains(sc.s.Name(up), "ScriptContext") {
		found.module = true
	}
	info, ok := sc.target(context, heap.InternalEdge, "scope_info")
	if ok {
		sc.fromInfo(&found.place, info)
	}
	found.witness = sc.witness(context, 3)
	if found.url == "" {
		found.url, found.script = found.witness.url, found.witness.script
	}
	if ok && !found.module && found.function == "" {
		found.function = sc.functionName(context, info)
	}
	return found
}

// fromInfo finds the function whose own scope this is: its shared function
// info refers to the scope, and so do its closures to that.
func (sc *scripts) fromInfo(p *place, info heap.Node) {
	for e, shared := range sc.s.Retainers(info) {
		if sc.s.EdgeType(e) != heap.InternalEdge || sc.s.EdgeName(e) != "name_or_scope_info" {
			continue
		}
		if script, ok := sc.ofShared(shared); ok {
			p.url = sc.s.Name(script)
		}
		for e, closure := range sc.s.Retainers(shared) {
			if sc.s.Type(closure) == heap.Closure && sc.s.EdgeName(e) == "shared" {
				if at, ok := sc.at(closure); ok {
					*p = at
				}
				return
			}
		}
	}
}

// witness is a function made in a context or, at most depth scopes, further
// inside.
func (sc *scripts) witness(context heap.Node, depth int) place {
	if depth == 0 {
		return place{}
	}
	var inner []heap.Node
	for e, from := range sc.s.Retainers(context) {
		switch {
		case sc.s.Type(from) == heap.Closure && sc.s.EdgeName(e) == "context":
			if at, ok := sc.at(from); ok && at.url != "" {
				return at
			}
		case sc.isContext(from) && sc.s.EdgeName(e) == "previous":
			inner = append(inner, from)
		}
	}
	for _, from := range inner {
		if at := sc.witness(from, depth-1); at.url != "" {
			return at
		}
	}
	return place{}
}

// functionName reads a scope's own record: the names of its variables come
// first, the function's after them.
func (sc *scripts) functionName(context, info heap.Node) string {
	variables := map[string]bool{}
	for e, end := sc.s.Edges(context); e < end; e++ {
		if sc.s.EdgeType(e) == heap.ContextEdge {
			variables[sc.s.EdgeName(e)] = true
		}
	}
	name := ""
	if len(variables) == 0 {
		return name // of a block
	}
	for e, end := sc.s.Edges(info); e < end; e++ {
		if to := sc.s.EdgeTarget(e); sc.s.EdgeType(e) == heap.HiddenEdge && sc.s.Type(to) == heap.String {
			if text := sc.s.Name(to); !variables[text] {
				name = text
			}
		}
	}
	return name
}

// text is what the snapshot has of a script's source.
func (sc *scripts) text(url string, id int64) string {
	script, ok := sc.source[id]
	if !ok || sc.url[id] != url {
		for known, u := range sc.url {
			if u == url {
				script, ok = sc.source[known]
			}
		}
	}
	if !ok {
		return ""
	}
	n, ok := sc.target(script, heap.InternalEdge, "source")
	if !ok || sc.s.Type(n) != heap.String {
		return ""
	}
	return sc.s.Name(n)
}
