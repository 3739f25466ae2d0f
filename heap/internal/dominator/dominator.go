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
// All work is done on DFS numbers: what is close in the heap is close there,
// and that is what the cache needs.
//
// The package does not decide which edges count; a [Graph] says so. Nor does
// it sum sizes.
package dominator

import (
	"context"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

const (
	// TargetBits is the width of a node in Graph.Target; the bits above it
	// are not looked at.
	TargetBits = 28
	// Ignored marks an entry of Graph.Source whose edge does not count.
	Ignored = 1 << 31
)

// Graph is a directed graph with its edges in both directions.
type Graph struct {
	Root uint32
	// Node n has the edges First[n] up to First[n+1]; Target is where each
	// leads, and an edge is walked when it is in Counts.
	First, Target []uint32
	Counts        column.Bits
	// Node n has the incoming edges FirstIn[n] up to FirstIn[n+1]; Source is
	// where each comes from, or-ed with Ignored.
	FirstIn, Source []uint32
	// An edge from outside this set into it does not count unless it comes
	// from the root. (Source cannot say so: it is built before the set.)
	Inside column.Bits
}

// Tree is a dominator tree in DFS numbers: number i stands for node Order[i],
// the root is number 0, and Dominator[i] < i is the number of its immediate
// dominator. Nodes that neither the root nor an orphan (see [Find]) reaches
// are not in it.
type Tree struct {
	Order, Dominator []uint32
	number           []uint32
}

// Number returns the DFS number of a node; ok is false when it is not in the
// tree.
func (t *Tree) Number(node uint32) (number uint32, ok bool) {
	n := t.number[node] &^ inside
	return n - 1, n != 0
}

// FreeNumbers gives what Number needs back to the arena; Order and Dominator
// are the caller's to free.
func (t *Tree) FreeNumbers(a *column.Arena) { column.Free(a, t.number) }

// Find computes the dominator tree. A node without any incoming edge that
// counts, an orphan, is treated as a child of the root; as in DevTools the
// orphans follow when all else is visited, in node order.
func Find(ctx context.Context, a *column.Arena, g *Graph) (*Tree, error) {
	w := walk{Graph: g, arena: a}
	if err := w.depthFirst(ctx); err != nil {
		return nil, err
	}
	return w.semiNCA(ctx)
}

// inside marks, in walk.number, a node of Graph.Inside: the number is at hand
// where that is asked for, the set is not.
const inside = 1 << 31

type walk struct {
	*Graph
	arena  *column.Arena
	number []uint32 // of each node: DFS number + 1, 0 not reached; or-ed with inside
	order  []uint32 // node of each DFS number
	parent []uint32 // DFS parent of each DFS number
	count  uint32
}

// depthFirst numbers the nodes in depth-first order.
func (w *walk) depthFirst(ctx context.Context) (err error) {
	n := len(w.First) - 1
	if w.number, err = column.Make[uint32](w.arena, n); err != nil {
		return err
	}
	if w.order, err = column.Scratch[uint32](w.arena, n); err != nil {
		return err
	}
	if w.parent, err = column.Scratch[uint32](w.arena, n); err != nil {
		return err
	}
	// The stack of open nodes, each with its next edge. A long list makes it
	// as deep as the graph is large; untouched pages of it cost nothing.
	stack, err := column.Scratch[uint64](w.arena, n)
	if err != nil {
		return err
	}
	defer column.Free(w.arena, stack)
	if err := w.from(ctx, w.Root, 0, stack); err != nil {
		return err
	}
	for v := range uint32(n) {
		if w.number[v] == 0 && w.orphan(v) {
			if err := w.from(ctx, v, 0, stack); err != nil {
				return err
			}
		}
	}
	w.order, w.parent = w.order[:w.count], w.parent[:w.count]
	return nil
}

// orphan says whether no edge that counts leads to v.
func (w *walk) orphan(v uint32) bool {
	for _, u := range w.Source[w.FirstIn[v]:w.FirstIn[v+1]] {
		if w.countsIn(u, v) {
			return false
		}
	}
	return true
}

func (w *walk) countsIn(source, v uint32) bool {
	if source&Ignored != 0 {
		return false
	}
	return !w.Inside.Has(v) || source == w.Root || w.Inside.Has(source)
}

func (w *walk) from(ctx context.Context, v, parent uint32, stack []uint64) error {
	const mask = 1<<TargetBits - 1
	first, target, counts, number := w.First, w.Target, w.Counts, w.number
	visit := func(v, parent uint32) {
		w.order[w.count] = v
		w.parent[w.count] = parent
		w.count++
		number[v] = w.count
		if w.Inside.Has(v) {
			number[v] |= inside
		}
	}
	visit(v, parent)
	stack[0] = uint64(v)<<32 | uint64(first[v])
	for depth := 1; depth > 0; {
		top := stack[depth-1]
		u, e := uint32(top>>32), uint32(top)
		end := first[u+1]
		for ; e < end; e++ {
			t := target[e] & mask
			if counts.Has(e) && number[t] == 0 {
				stack[depth-1] = uint64(u)<<32 | uint64(e+1)
				visit(t, number[u]&^inside-1)
				if w.count&(1<<20-1) == 0 {
					if err := ctx.Err(); err != nil {
						return err
					}
				}
				stack[depth] = uint64(t)<<32 | uint64(first[t])
				depth++
				break
			}
		}
		if e == end {
			depth--
		}
	}
	return nil
}

// semiNCA finds semidominators from the last number to the first, then walks
// up from each parent to the nearest common ancestor.
func (w *walk) semiNCA(ctx context.Context) (*Tree, error) {
	n := w.count
	semi, err := column.Scratch[uint32](w.arena, int(n))
	if err != nil {
		return nil, err
	}
	defer column.Free(w.arena, semi)
	// link packs two numbers of each linked node: in the high half its
	// ancestor in the forest, in the low half the least semidominator on the
	// way there (excluding the ancestor).
	link, err := column.Scratch[uint64](w.arena, int(n))
	if err != nil {
		return nil, err
	}
	defer column.Free(w.arena, link)

	var path []uint32
	for i := n - 1; i > 0 && i < n; i-- {
		if i&(1<<20-1) == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		v := w.order[i]
		s := w.parent[i]
		sources := w.Source[w.FirstIn[v]:w.FirstIn[v+1]]
		if len(sources) == 1 {
			sources = nil // the tree edge: nothing but the parent
		}
		within := w.number[v] & inside
		for _, u := range sources {
			if u&Ignored != 0 {
				continue
			}
			j := w.number[u]
			if j == 0 || within > j&inside && u != w.Root {
				continue
			}
			if j = j&^inside - 1; j > i {
				// The least semidominator between j and the forest's root.
				x := j
				for a := uint32(link[x] >> 32); a > i; a = uint32(link[x] >> 32) {
					path = append(path, x)
					x = a
				}
				top := link[x]
				root, least := top>>32, uint32(top)
				for len(path) > 0 {
					x = path[len(path)-1]
					path = path[:len(path)-1]
					least = min(least, uint32(link[x]))
					link[x] = root<<32 | uint64(least)
				}
				j = least
			}
			s = min(s, j)
		}
		semi[i] = s
		link[i] = uint64(w.parent[i])<<32 | uint64(s)
	}
	dominator := w.parent // overwritten from the front, where it is final
	for i := uint32(1); i < n; i++ {
		d := dominator[i]
		for d > semi[i] {
			d = dominator[d]
		}
		dominator[i] = d
	}
	return &Tree{w.order, dominator, w.number}, nil
}
