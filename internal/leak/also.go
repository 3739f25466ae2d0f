package leak

import (
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// alsoHeld finds the containers of the program that grow although the short
// path to their members leads elsewhere: to open connections through Node.js,
// to objects that are in a list and in a Map through the first of them.
func (f *finder) alsoHeld(places []*growth) []*growth {
	first := f.graphs[0]
	known := map[heap.Node]bool{}
	for _, p := range places {
		known[p.holder] = true
	}
	var more []*growth
	for _, n := range f.order {
		if known[n] || f.s.Type(n) != heap.Object || f.isNew(n) || f.isContext(n) {
			continue
		}
		old, ok := first.ids.node(f.s.ID(n))
		if !ok || edges(f.graph, n)-edges(first, old) < minGrowth && !f.hasTable(n) {
			continue
		}
		if f.members(n)-first.members(old) < minGrowth {
			continue
		}
		members := f.newMembers(n)
		elsewhere := 0 // the short path to them does not lead through n
		for _, m := range members {
			if f.holder(m) != n {
				elsewhere++
			}
		}
		if elsewhere >= minGrowth && f.scripts.nameByPath(f.tree, n).found {
			more = append(more, &growth{kind: wide, holder: n, tops: []heap.Node{n}, direct: members, owned: members})
		}
	}
	return more
}

func edges(g *graph, n heap.Node) int {
	from, end := g.s.Edges(n)
	return int(end - from)
}

// hasTable says whether n can have members in one of the engine's arrays only,
// as a Map has.
func (g *graph) hasTable(n heap.Node) bool {
	data, ok := g.ownData(n)
	return ok && g.s.Type(data) == heap.Array
}

// newMembers lists the new values that a container refers to, each once.
func (f *finder) newMembers(n heap.Node) []heap.Node {
	var members []heap.Node
	add := func(from heap.Node, types ...heap.EdgeType) {
		for e, end := f.s.Edges(from); e < end; e++ {
			if to := f.s.EdgeTarget(e); slices.Contains(types, f.s.EdgeType(e)) && f.counted(to) {
				members = append(members, to)
			}
		}
	}
	add(n, heap.ElementEdge, heap.PropertyEdge)
	if table, ok := f.target(n, heap.InternalEdge, "table"); ok {
		add(table, heap.InternalEdge)
	}
	slices.Sort(members)
	return slices.Compact(members)
}
