package leak

import (
	"context"

	"github.com/plumb-dev/plumb/heap"
)

// none stands for "no node" and "no edge".
const none = ^uint32(0)

// tree is a spanning tree of what the root reaches: for every object one short
// path that avoids the engine's own references where it can.
type tree struct {
	*graph
	parent []heap.Node // none for the root and the unreached
	via    []heap.Edge // the edge from parent
	order  []heap.Node // parents before children
}

// newTree searches breadth first with two queues: nodes behind low-priority
// edges wait until nothing else is left (Shark's prioritizing path finder).
func newTree(ctx context.Context, g *graph) (*tree, error) {
	n := g.s.NodeCount()
	t := &tree{
		graph:  g,
		parent: make([]heap.Node, n), via: make([]heap.Edge, n),
		order: make([]heap.Node, 0, n),
	}
	for i := range t.parent {
		t.parent[i], t.via[i] = heap.Node(none), heap.Edge(none)
	}
	const unseen, waiting, done = 0, 1, 2
	state := make([]uint8, n)
	root := g.s.Root()
	state[root] = done
	t.order = append(t.order, root)
	var late []heap.Node // found through low-priority edges only, so far
	for next, nextLate := 0, 0; ; next++ {
		if next == len(t.order) {
			for nextLate < len(late) && state[late[nextLate]] == done {
				nextLate++
			}
			if nextLate == len(late) {
				return t, nil
			}
			state[late[nextLate]] = done
			t.order = append(t.order, late[nextLate])
		}
		if next&0xFFFFF == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		from := t.order[next]
		for e, end := g.s.Edges(from); e < end; e++ {
			to := g.s.EdgeTarget(e)
			if state[to] == done || !g.counts(from, e, to) {
				continue
			}
			low := g.lowPriority(from, e)
			if low && state[to] == waiting {
				continue
			}
			t.parent[to], t.via[to] = from, e
			if low {
				state[to] = waiting
				late = append(late, to)
			} else {
				state[to] = done
				t.order = append(t.order, to)
			}
		}
	}
}

// path lists the nodes from the root to n.
func (t *tree) path(n heap.Node) []heap.Node {
	var up []heap.Node
	for ; n != heap.Node(none); n = t.parent[n] {
		up = append(up, n)
	}
	for i, j := 0, len(up)-1; i < j; i, j = i+1, j-1 {
		up[i], up[j] = up[j], up[i]
	}
	return up
}
