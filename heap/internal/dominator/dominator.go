// Package dominator finds the immediate dominators of a directed graph.
//
// Node d dominates node n when every path from the root to n leads through d;
// the immediate dominator of n is its closest one. The algorithm is Semi-NCA
// (L. Georgiadis, "Linear-Time Algorithms for Dominators and Related
// Problems", PhD thesis, Princeton 2005, section 2.3) over the path
// compression of T. Lengauer and R. E. Tarjan ("A Fast Algorithm for Finding
// Dominators in a Flowgraph", TOPLAS 1979). It is quadratic in theory and
// linear on heaps, long linked lists included, where the iterative algorithm
// of Cooper, Harvey and Kennedy collapses.
//
// A depth-first walk numbers the nodes and all work is done on these numbers:
// what is close in the heap is close there, and that is what the cache needs.
// Many nodes need no number, as what dominates them is plain (see hanging), and
// most others no path compression (see gates.go).
//
// The package does not decide which edges count; a [Graph] says so. Nor does
// it sum sizes.
package dominator

import (
	"context"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// TargetBits is the width of a node in Graph.Target; the bits above it are the
// kind of the edge.
const TargetBits = 28

const targetMask = 1<<TargetBits - 1

// Graph is a directed graph.
type Graph struct {
	Root uint32
	// Node n has the edges First[n] up to First[n+1]; Target is where each
	// leads.
	First, Target []uint32
	// Counts says whether an edge counts. It is not asked for edges of a Sure
	// kind that lead from a node in Inside to another node: these count.
	Counts func(source, edge uint32) bool
	Sure   [1 << (32 - TargetBits)]bool
	Inside column.Bits
	// Shared are the nodes to which more than one edge leads, of those too
	// that do not count.
	Shared column.Bits
}

// Tree is a dominator tree: Dominator is the immediate dominator of each node.
// Nodes that neither the root nor an orphan (see [Find]) reaches have the root.
type Tree struct {
	Dominator []uint32
	// Order lists nodes, each behind its dominator: all that are reached but
	// those of Hanging, each of which dominates at most others of Hanging.
	Order   []uint32
	Hanging column.Bits
}

// Free gives all but Dominator back to the arena.
func (t *Tree) Free(a *column.Arena) {
	column.Free(a, t.Order)
	column.Free(a, t.Hanging)
}

// Find computes the dominator tree. A node without any incoming edge that
// counts, an orphan, is treated as a child of the root, as in DevTools.
func Find(ctx context.Context, a *column.Arena, g *Graph) (*Tree, error) {
	w := walk{Graph: g, arena: a}
	if err := w.depthFirst(ctx); err != nil {
		return nil, err
	}
	open, err := w.settle()
	if err != nil {
		return nil, err
	}
	// The sample of sources that the walk took first, then all.
	if open, err = w.semidominators(ctx, open); err != nil {
		return nil, err
	}
	if len(open) > 0 {
		if err := w.collect(open); err != nil {
			return nil, err
		}
		if _, err = w.semidominators(ctx, open); err != nil {
			return nil, err
		}
	}
	w.free()
	return w.tree()
}

// pollEvery is how many steps go by between two looks at the context.
const pollEvery = 1 << 20
