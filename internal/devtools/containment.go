package devtools

import (
	"cmp"
	"slices"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// Containment lists what n refers to: the edges of n that are shown at all, by
// retained size of the target (largest first), then by edge name.
func (v *View) Containment(n heap.Node) []heap.Edge {
	s := v.snap
	type row struct {
		edge     heap.Edge
		name     string
		text     bool // the name is not a number
		retained uint64
	}
	var rows []row
	for e, end := s.Edges(n); e < end; e++ {
		if s.EdgeType(e) == heap.InvisibleEdge {
			continue
		}
		rows = append(rows, row{e, s.EdgeName(e), s.EdgeHasStringName(e), s.RetainedSize(s.EdgeTarget(e))})
	}
	// Not quite an order when both are __proto__: DevTools then says "before"
	// whatever it is asked, and the later edge ends up first.
	slices.SortStableFunc(rows, func(a, b row) int {
		switch {
		case a.retained != b.retained:
			return cmp.Compare(b.retained, a.retained)
		case b.name == "__proto__":
			return -1
		case a.name == "__proto__":
			return 1
		case a.text != b.text:
			if a.text {
				return -1
			}
			return 1
		}
		return wtf8.Compare(a.name, b.name)
	})
	edges := make([]heap.Edge, len(rows))
	for i, r := range rows {
		edges[i] = r.edge
	}
	return edges
}
