package leak

import (
	"cmp"
	"context"
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// Freed is what would go if some objects or references went.
type Freed struct {
	Objects int          `json:"objects"`
	Bytes   uint64       `json:"bytes"`
	Classes []FreedClass `json:"classes"` // most bytes first
}

// FreedClass is the part of [Freed] that has one class.
type FreedClass struct {
	Name    string `json:"name"`
	Objects int    `json:"objects"`
	Bytes   uint64 `json:"bytes"`
}

// WhatIf says exactly what the garbage collector would free if the program
// dropped the nodes and the edges: what the root reaches now, less what it
// would reach then. That is not the sum of retained sizes: two objects can
// keep a third one alive together.
func WhatIf(ctx context.Context, s *heap.Snapshot, nodes []heap.Node, edges []heap.Edge) (*Freed, error) {
	g := newGraph(s)
	before := newBits(s.NodeCount())
	if err := g.flood(ctx, before); err != nil {
		return nil, err
	}
	after := newBits(s.NodeCount())
	for _, n := range nodes {
		after.set(int(n))
	}
	g.cut = g.twins(edges)
	if err := g.flood(ctx, after); err != nil {
		return nil, err
	}
	for _, n := range nodes {
		after[n>>6] &^= 1 << (n & 63)
	}
	freed := &Freed{}
	classes := map[string]*FreedClass{}
	for i := range s.NodeCount() {
		if !before.has(i) || after.has(i) || i == int(s.Root()) {
			continue
		}
		n := heap.Node(i)
		freed.Objects++
		freed.Bytes += s.ShallowSize(n)
		name := g.class(n)
		c := classes[name]
		if c == nil {
			c = &FreedClass{Name: name}
			classes[name] = c
		}
		c.Objects++
		c.Bytes += s.ShallowSize(n)
	}
	for _, c := range classes {
		freed.Classes = append(freed.Classes, *c)
	}
	slices.SortFunc(freed.Classes, func(a, b FreedClass) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(b.Objects, a.Objects), cmp.Compare(a.Name, b.Name))
	})
	return freed, nil
}

// twins adds to the edges those of the engine's own arrays that stand for the
// same references: an element is named both by its array and by the store
// behind it.
func (g *graph) twins(edges []heap.Edge) []heap.Edge {
	all := slices.Clone(edges)
	for _, e := range edges {
		owner, to := g.s.EdgeSource(e), g.s.EdgeTarget(e)
		for own, end := g.s.Edges(owner); own < end; own++ {
			store := g.s.EdgeTarget(own)
			if g.s.EdgeType(own) == heap.InternalEdge && g.s.Type(store) == heap.Array && g.s.RetainerCount(store) == 1 {
				for in, end := g.s.Edges(store); in < end; in++ {
					if g.s.EdgeTarget(in) == to {
						all = append(all, in)
					}
				}
			}
			if own != e && g.s.EdgeTarget(own) == to && g.s.EdgeType(own) == heap.InternalEdge {
				all = append(all, own)
			}
		}
	}
	return all
}
