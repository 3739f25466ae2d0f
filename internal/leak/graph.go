package leak

import (
	"context"
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// graph is a snapshot seen by what keeps objects alive.
type graph struct {
	s   *heap.Snapshot
	ids idIndex
	// edgeNames says what the names of edges mean, see [graph.edgeName].
	edgeNames []edgeKind
	// names says what the names of nodes mean, see [graph.named].
	names []uint8
	// cut edges are treated as if the program had dropped them.
	cut []heap.Edge
}

func newGraph(s *heap.Snapshot) *graph {
	return &graph{s: s, edgeNames: make([]edgeKind, s.StringCount()), names: make([]uint8, s.StringCount())}
}

// edgeKind is what the name of an edge means; texts are looked at once.
type edgeKind uint8

const (
	unseen  edgeKind = iota
	plain            // the program's, or nothing special
	low              // says little: a path takes it only where no other way leads
	storage          // the memory of an object's own data
)

func (g *graph) edgeName(id uint32) edgeKind {
	if g.edgeNames[id] == unseen {
		g.edgeNames[id] = plain
		switch g.s.String(heap.StringID(id)) {
		case "feedback_cell", "feedback_vector", "code", "map", "shared", "scope_info", "script",
			"script_or_debug_info", "name_or_scope_info", "outer_scope_info", "function_data",
			"trusted_function_data", "prototype_info", "dependent_code", "initial_map", "transition",
			"descriptors", "security_token", "embedder_data", "constant_pool", "__proto__":
			g.edgeNames[id] = low
		case "backing_store", "elements", "table", "buffer":
			g.edgeNames[id] = storage
		}
	}
	return g.edgeNames[id]
}

// counts says whether an edge keeps its target alive: not a weak one, not one
// to itself, not a shortcut (except from the root), not the table's half of a
// WeakMap entry, whose value lives as long as its key.
func (g *graph) counts(from heap.Node, e heap.Edge, to heap.Node) bool {
	if from == to || len(g.cut) > 0 && slices.Contains(g.cut, e) {
		return false
	}
	switch g.s.EdgeType(e) {
	case heap.WeakEdge, heap.InvisibleEdge:
		return false
	case heap.ShortcutEdge:
		return from == g.s.Root()
	case heap.InternalEdge:
		switch g.s.Type(from) {
		case heap.Object, heap.Closure, heap.Synthetic:
			return true // a key's half of an entry, if one at all
		}
		pair, ok := g.s.Ephemeron(e)
		return !ok || pair.Table != g.s.ID(from)
	default:
		return true
	}
}

// lowPriority says whether a path should rather not take an edge that counts.
func (g *graph) lowPriority(from heap.Node, e heap.Edge) bool {
	switch g.s.Type(from) {
	case heap.Code, heap.ObjectShape:
		return true
	case heap.Synthetic:
		return from != g.s.Root() && transientRoot(g.s.Name(from))
	}
	switch g.s.EdgeType(e) {
	case heap.InternalEdge, heap.PropertyEdge:
		if g.edgeName(g.s.EdgeNameID(e)) == low {
			return true
		}
		if g.s.EdgeType(e) == heap.InternalEdge {
			_, ok := g.s.Ephemeron(e)
			return ok
		}
	case heap.HiddenEdge:
		// A reaction of a promise has its callback and the next one here.
		// The variables of a block have no names here, see [graph.variable].
		return g.s.Type(from) != heap.Hidden && !g.isContext(from)
	}
	return false
}

// transientRoot names the roots that hold things for the moment of the
// snapshot, or hold what something else holds too.
func transientRoot(name string) bool {
	switch name {
	case "(GC roots)", "(Global handles)", "(Traced handles)", "(Micro tasks)", "(Document DOM trees)",
		"(Eternal handles)":
		return false
	}
	return len(name) > 0 && name[0] == '('
}

// flood adds to seen all that the root keeps alive. It neither enters nor
// passes what is in seen before.
func (g *graph) flood(ctx context.Context, seen bits) error {
	seen.set(int(g.s.Root()))
	queue := []heap.Node{g.s.Root()}
	for done := 0; len(queue) > 0; done++ {
		if done&0xFFFFF == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for e, end := g.s.Edges(n); e < end; e++ {
			to := g.s.EdgeTarget(e)
			if seen.has(int(to)) || !g.counts(n, e, to) {
				continue
			}
			seen.set(int(to))
			queue = append(queue, to)
		}
	}
	return nil
}

// bits is a set of small numbers.
type bits []uint64

func newBits(n int) bits      { return make(bits, (n+63)/64) }
func (b bits) has(i int) bool { return b[i>>6]>>(i&63)&1 != 0 }
func (b bits) set(i int)      { b[i>>6] |= 1 << (i & 63) }
