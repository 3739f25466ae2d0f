package leak

import (
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// name is what the program calls n: by the shortest path or, when that runs
// through Node.js or a library alone, by the nearest variable of the program's
// own files.
func (g *grower) name(n heap.Node) named {
	nm := g.scripts.nameByPath(g.tree, n)
	if nm.own() {
		return nm
	}
	if own := g.ownName(n); own.found {
		if nm.found && throughEmitter(own.access) && !throughEmitter(nm.access) {
			own.access = nm.access // app.locals, not server._events.request.locals
		}
		return own
	}
	if !nm.found {
		if other := g.scripts.direct(n); other.found {
			return other
		}
	}
	return nm
}

// own says whether a name is of the program's own files, not of a library.
func (nm *named) own() bool { return nm.found && !isLibrary(nm.url) }

// throughEmitter says whether a way leads through an emitter's listeners.
func throughEmitter(access string) bool { return strings.Contains(access, "._events") }

// joined makes one finding of those that are parts of one object of a library,
// which the program has under one name: the tables of a cache.
func joined(findings []Finding) []Finding {
	out := findings[:0]
	for _, fd := range findings {
		i := slices.IndexFunc(out, func(other Finding) bool {
			return fd.beyond && other.beyond && fd.Verdict == other.Verdict && fd.sameVariable(other)
		})
		if i < 0 {
			out = append(out, fd)
			continue
		}
		share, exclusive := out[i].Share+fd.Share, out[i].Exclusive+fd.Exclusive
		if fd.Cause == Cache && out[i].Cause != Cache {
			out[i] = fd
		}
		out[i].Share, out[i].Exclusive = share, exclusive
	}
	return out
}

// upward is one object above another in a search towards the variables.
type upward struct {
	node  heap.Node
	below int       // index of the object that it keeps
	via   heap.Edge // the reference to that
	steps int
}

// ownName searches from n upward, against the references, for the nearest
// variable of the program's own files. It passes objects and the variables
// that a library's function keeps for what it returned; the variables of a
// library's module say nothing about who uses it.
func (g *grower) ownName(n heap.Node) named {
	const most, mostSteps = 4000, 20
	found := []upward{{node: n}}
	seen := map[heap.Node]bool{n: true}
	for i := 0; i < len(found) && len(found) < most; i++ {
		at := found[i]
		for e, from := range g.s.Retainers(at.node) {
			if seen[from] || at.steps == mostSteps || !g.counts(from, e, at.node) || g.lowPriority(from, e) {
				continue
			}
			up := upward{node: from, below: i, via: e, steps: at.steps + 1}
			if nm := g.ownVariable(e, from); nm.found {
				nm.access = join(nm.access, accessors(g.graph, found, up))
				nm.beyond = true
				return nm
			}
			if g.leadsUp(e, from) {
				seen[from] = true
				found = append(found, up)
			}
		}
	}
	return named{}
}

// ownVariable names the variable or export that a reference stands for when it
// is of the program's own files and was there before the load.
func (g *grower) ownVariable(e heap.Edge, from heap.Node) named {
	if name, ok := g.variable(e); ok {
		if in := g.scripts.scopeOf(from); name != "this" && isUser(in.url) && !isLibrary(in.url) && !g.isNew(from) {
			return named{place: in.place, variable: name, access: name, module: in.module, witness: in.witness, found: true}
		}
	}
	if g.s.EdgeType(e) == heap.InternalEdge && g.s.EdgeName(e) == "value" && g.isCell(from) {
		if nm, ok := g.scripts.export(from); ok && !isLibrary(nm.url) {
			return nm
		}
	}
	return named{}
}

// leadsUp says whether a search for a variable goes on above a reference.
func (g *grower) leadsUp(e heap.Edge, from heap.Node) bool {
	if g.isContext(from) {
		// "previous" or a variable: of a function of a library.
		in := g.scripts.scopeOf(from)
		return !in.module && isLibrary(in.url)
	}
	switch g.s.Type(from) {
	case heap.Object, heap.Closure:
	case heap.Array:
		return true
	default:
		return false
	}
	if name := g.s.Name(from); name == "Module" || name == "process" || g.isGlobal(from) {
		return false
	}
	switch g.s.EdgeType(e) {
	case heap.PropertyEdge, heap.ElementEdge:
		return true
	case heap.InternalEdge:
		name := g.s.EdgeName(e)
		return g.edgeName(g.s.EdgeNameID(e)) == storage || name == "properties" ||
			name == "context" && g.s.Type(from) == heap.Closure
	default:
		return false
	}
}

// accessors lists how a program gets from the topmost reference down, the last
// access first.
func accessors(g *graph, found []upward, up upward) []string {
	var parts []string
	for at := up; at.steps > 1; {
		at = found[at.below]
		switch g.s.EdgeType(at.via) {
		case heap.PropertyEdge:
			parts = append(parts, accessor(g.s.EdgeName(at.via)))
		case heap.ElementEdge:
			parts = append(parts, "[x]")
		case heap.InternalEdge:
			if g.s.Type(at.node) == heap.Array && number(g.s.EdgeName(at.via)) > 0 {
				parts = append(parts, "[x]")
			}
		}
	}
	slices.Reverse(parts)
	return parts
}
