package leak

import (
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// chainRepeats is how often a pattern must come in a row to be a linked list,
// maxPeriod how many nodes one element of the list has at most.
const (
	chainRepeats = 8
	maxPeriod    = 8
)

// list is a linked list on the path to a node.
type list struct {
	head  heap.Node
	link  heap.Node   // the element after the head
	steps []heap.Edge // the references from the head to link
}

// listOn finds the linked list that the path to n runs along, nil when there
// is none: the same classes through the same references, again and again.
func (g *grower) listOn(n heap.Node) *list {
	var up []heap.Node
	for m := n; m != g.s.Root(); m = g.parent[m] {
		if l, ok := g.lists[m]; ok {
			return l
		}
		up = append(up, m)
	}
	for start := 0; start < maxPeriod && start < len(up); start++ {
		for period := 1; period <= maxPeriod; period++ {
			end := start // up[start:end] has its twin one period above
			for end+period < len(up) && g.alike(up[end], up[end+period]) {
				end++
			}
			if end-start >= chainRepeats*period {
				return g.newList(up, end+period-1, period)
			}
		}
	}
	return nil
}

// newList makes the list whose topmost link is up[top]. The node above it is
// the head when it has the class of an element: only the reference to it is
// another one.
func (g *grower) newList(up []heap.Node, top, period int) *list {
	if top+1 < len(up) && g.sameClass(up[top+1], up[top+1-period]) {
		top++
	}
	l := &list{head: up[top], link: up[top-period]}
	for _, m := range up[top-period : top] {
		l.steps = append(l.steps, g.via[m])
	}
	slices.Reverse(l.steps)
	for _, m := range up[:top+1] {
		g.lists[m] = l
	}
	return l
}

func (g *grower) sameClass(a, b heap.Node) bool {
	return g.s.Type(a) == g.s.Type(b) && g.s.NameID(a) == g.s.NameID(b)
}

// alike nodes have one class and are reached through one reference. Elements
// of arrays are not: nested arrays are a tree.
func (g *grower) alike(a, b heap.Node) bool {
	x, y := g.via[a], g.via[b]
	return g.sameClass(a, b) && g.s.EdgeType(x) == g.s.EdgeType(y) && g.s.EdgeType(x) != heap.ElementEdge &&
		g.s.EdgeNameID(x) == g.s.EdgeNameID(y)
}
