package dominator

import (
	"math"
	"slices"
	"sort"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// subtree is what settle knows of the numbers from top to end: a node of the
// tree of the walk with all that hangs below it.
type subtree struct {
	top, end uint32
	low      uint32 // from where edges into it come, those to top itself
	high     uint32 // left aside: the least and the greatest number
}

// unsettled is a number whose semidominator is not known yet, with a list of
// sources. The semidominator is not less than least.
type unsettled struct{ number, list, least uint32 }

// settle finds the semidominators that can be told from the tree of the walk
// alone. It returns those that need more, ascending.
//
// A gate is a node whose subtree no edge enters but to the gate itself: it
// dominates its subtree. So no semidominator of a node in it is less than the
// gate. When an edge leads to the node from the subtree of another, later child
// of the gate, then over that child and past greater numbers only: the gate is
// the semidominator. In a heap this settles what very many objects share, like
// hidden classes and prototypes.
func (w *walk) settle() (open []unsettled, err error) {
	n := len(w.order)
	gates, err := column.MakeBits(w.arena, n)
	if err != nil {
		return nil, err
	}
	defer column.Free(w.arena, gates)
	reached, err := column.MakeBits(w.arena, n) // from the subtree of a later child of the gate
	if err != nil {
		return nil, err
	}
	defer column.Free(w.arena, reached)
	var stack []subtree // from the back: whole ones whose parents come later
	for i := uint32(n); i > 0; {
		i--
		s := subtree{top: i, end: i, low: math.MaxUint32}
		for len(stack) > 0 && w.parent[stack[len(stack)-1].top] == i {
			child := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			s.end = max(s.end, child.end)
			s.low = min(s.low, child.low, w.semi[child.top])
			s.high = max(s.high, child.high)
			if list := w.list[child.top]; list > 0 {
				s.high = max(s.high, w.sources[list-1].from())
			}
		}
		if s.low >= i && s.high <= s.end {
			gates.Add(i)
		}
		w.end[i] = s.end
		stack = append(stack, s)
	}

	type step struct{ node, gate, end uint32 } // the gate's child on the way to node ends there
	path := []step{{}}
	open = make([]unsettled, 0, w.listed)
	for i := uint32(1); i < uint32(n); i++ {
		parent := w.parent[i]
		for path[len(path)-1].node != parent {
			path = path[:len(path)-1]
		}
		s := step{i, parent, w.end[i]}
		if above := path[len(path)-1]; !gates.Has(parent) {
			s.gate, s.end = above.gate, above.end
		}
		path = append(path, s)
		if list := w.list[i]; list > 0 && w.semi[i] > s.gate {
			open = append(open, unsettled{number: i, list: list, least: s.gate})
			if w.sources[list-1].from() > s.end {
				reached.Add(i)
			}
		}
	}
	w.bound(open)
	return slices.DeleteFunc(open, func(o unsettled) bool {
		if reached.Has(o.number) {
			w.semi[o.number] = o.least
		}
		return w.semi[o.number] == o.least
	}), nil
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
