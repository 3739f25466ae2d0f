package dominator

import (
	"math"
	"slices"
	"sort"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// subtree is a child of parent in the tree of the walk with all below it, up to
// number end. Edges into it come from the numbers low to high.
type subtree struct{ parent, end, low, high uint32 }

// unsettled is a number whose semidominator is not known yet, with a list of
// sources. The semidominator is not less than least.
type unsettled struct{ number, list, least uint32 }

// settle finds the semidominators that can be told from the tree of the walk
// alone. It returns those that need more, ascending.
//
// A gate is a node whose subtree no edge enters but to the gate itself: it
// dominates its subtree. So no semidominator of a node in it is less than the
// gate. In a heap this bounds what very many objects share, like hidden classes
// and prototypes.
func (w *walk) settle() (open []unsettled, err error) {
	gates, err := column.MakeBits(w.arena, len(w.order))
	if err != nil {
		return nil, err
	}
	defer column.Free(w.arena, gates)
	w.findGates(gates)
	open = w.behindGates(gates)
	w.bound(open)
	return slices.DeleteFunc(open, func(o unsettled) bool { return w.semi[o.number] == o.least }), nil
}

// findGates fills the set of gates, and end.
func (w *walk) findGates(gates column.Bits) {
	parent, semi, list, end, sources := w.parent, w.semi, w.list, w.end, w.sources
	stack := []subtree{{parent: math.MaxUint32}} // from the back: whole ones whose parents come later
	for i := uint32(len(w.order)); i > 0; {
		i--
		s := subtree{parent: parent[i], end: i, low: math.MaxUint32}
		top := len(stack) - 1
		for stack[top].parent == i {
			child := &stack[top]
			s.end = child.end // the last child's in the end
			s.low = min(s.low, child.low)
			s.high = max(s.high, child.high)
			top--
		}
		if s.low >= i && s.high <= s.end {
			gates.Add(i)
		}
		end[i] = s.end
		s.low = min(s.low, semi[i])
		if at := list[i]; at > 0 {
			s.high = max(s.high, sources[at-1].from())
		}
		stack = append(stack[:top+1], s)
	}
}

// behindGates lists the numbers whose semidominator may be any from the nearest
// gate on.
func (w *walk) behindGates(gates column.Bits) []unsettled {
	parent, semi, list, end := w.parent, w.semi, w.list, w.end
	open := make([]unsettled, 0, w.listed)
	for i := uint32(1); i < uint32(len(w.order)); i++ {
		// Below a gate it is the parent, elsewhere the parent's own, which
		// stands where no gate's end is needed.
		gate := parent[i]
		if !gates.Has(gate) {
			gate = end[gate]
		}
		if at := list[i]; at > 0 && semi[i] > gate {
			open = append(open, unsettled{number: i, list: at, least: gate})
		}
		if !gates.Has(i) {
			end[i] = gate
		}
	}
	return open
}

// bound raises what semidominators are not less than, gates at first. The path that a
// semidominator stands for begins with an edge from it to a greater number in
// the gate's subtree, or to the node itself.
func (w *walk) bound(open []unsettled) {
	type point struct{ number, semi uint32 }
	var low []point // each the lowest of all up to it; the nearest comes last
	next := len(open) - 1
	for i := uint32(len(w.order) - 1); i > 0; i-- {
		if next >= 0 && open[next].number == i {
			o := &open[next]
			next--
			least, gateEnd := w.semi[i], w.end[o.least]
			if k := sort.Search(len(low), func(k int) bool { return low[k].number <= gateEnd }); k < len(low) {
				least = min(least, low[k].semi)
			}
			o.least = max(o.least, least)
		}
		for len(low) > 0 && low[len(low)-1].semi >= w.semi[i] {
			low = low[:len(low)-1]
		}
		low = append(low, point{i, w.semi[i]})
	}
}
