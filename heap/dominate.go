package heap

import (
	"context"

	"github.com/plumb-dev/plumb/heap/internal/column"
	"github.com/plumb-dev/plumb/heap/internal/dominator"
)

// findDominators computes the dominator tree over the edges that keep their
// target alive (DevTools' essential edges, computeIsEssentialEdge). The leaves
// of the graph are left out of it, see leaves.
func (s *Snapshot) findDominators(ctx context.Context, leaves column.Bits) (*dominator.Tree, error) {
	counts, err := column.MakeBits(&s.arena, len(s.target))
	if err != nil {
		return nil, err
	}
	defer column.Free(&s.arena, counts)
	never, onlyFromRoot := s.edgesThatNeverCount()
	for v := range uint32(len(s.typ)) {
		inside := s.inside.Has(v) || v == s.root
		for e, end := s.firstEdge[v], s.firstEdge[v+1]; e < end; e++ {
			t, kind := s.target[e]&targetMask, s.target[e]>>targetBits
			if leaves.Has(t) || never[kind] || t == v || onlyFromRoot[kind] && v != s.root ||
				!inside && s.inside.Has(t) ||
				kind == ephemeronType && s.heldByTable(v, e) {
				continue
			}
			counts.Add(e)
		}
	}
	return dominator.Find(ctx, &s.arena, &dominator.Graph{
		Root: s.root, First: s.firstEdge, Target: s.target, Counts: counts,
		FirstIn: s.firstRetainer, Source: s.retainer, Inside: s.inside,
	})
}

// leaves finds the nodes without edges that exactly one edge leads to, one
// that counts: strings and numbers, a third of a heap. The node it comes from
// dominates the leaf, and no leaf takes part in another node's dominators.
func (s *Snapshot) leaves() (column.Bits, error) {
	leaves, err := column.MakeBits(&s.arena, len(s.typ))
	if err != nil {
		return nil, err
	}
	for v := range uint32(len(s.typ)) {
		at := s.firstRetainer[v]
		if s.firstEdge[v] != s.firstEdge[v+1] || s.firstRetainer[v+1]-at != 1 || v == s.root {
			continue
		}
		u := s.retainer[at]
		if u&dominator.Ignored == 0 && (!s.inside.Has(v) || u == s.root || s.inside.Has(u)) {
			leaves.Add(v)
		}
	}
	return leaves, nil
}

// retain sums sizes up the dominator tree. What neither the root nor an orphan
// reaches hangs under the root with its own size only. It frees the tree.
func (s *Snapshot) retain(tree *dominator.Tree, leaves column.Bits) (err error) {
	n := len(s.typ)
	sums, err := column.Scratch[uint64](&s.arena, len(tree.Order))
	if err != nil {
		return err
	}
	if s.dominator, err = column.Scratch[uint32](&s.arena, n); err != nil {
		return err
	}
	for i, v := range tree.Order {
		sums[i] = uint64(s.self[v])
	}
	unreached := uint64(0)
	for v := range uint32(n) {
		if leaves.Has(v) {
			u := s.retainer[s.firstRetainer[v]]
			if i, ok := tree.Number(u); ok {
				s.dominator[v] = u
				sums[i] += uint64(s.self[v])
				continue
			}
		} else if _, ok := tree.Number(v); ok {
			continue
		}
		s.dominator[v] = s.root
		unreached += uint64(s.self[v])
	}
	tree.FreeNumbers(&s.arena)
	for i := len(tree.Order) - 1; i > 0; i-- {
		sums[tree.Dominator[i]] += sums[i]
	}
	for i, v := range tree.Order {
		s.dominator[v] = tree.Order[tree.Dominator[i]]
	}
	column.Free(&s.arena, tree.Dominator)
	if s.retained, err = column.Scratch[uint64](&s.arena, n); err != nil {
		return err
	}
	for v, size := range s.self {
		s.retained[v] = uint64(size)
	}
	for i, v := range tree.Order {
		s.retained[v] = sums[i]
	}
	s.retained[s.root] += unreached
	column.Free(&s.arena, tree.Order)
	column.Free(&s.arena, sums)
	return nil
}

// Dominated lists the nodes whose immediate dominator is n, the last of the
// file first (DevTools' order). The root is in no list. The caller must not
// change the slice.
func (s *Snapshot) Dominated(n Node) []Node {
	s.dominatedOnce.Do(s.buildDominated)
	return nodesOf(s.child[s.firstChild[n]:s.firstChild[n+1]])
}

// buildDominated turns the dominator column around: count, prefix sum, fill.
func (s *Snapshot) buildDominated() {
	n := len(s.typ)
	s.firstChild = late[uint32](s, n+1)
	s.child = late[uint32](s, n-1)
	for v, d := range s.dominator {
		if uint32(v) != s.root {
			s.firstChild[d]++
		}
	}
	sum := uint32(0)
	for v := range s.firstChild {
		sum += s.firstChild[v]
		s.firstChild[v] = sum
	}
	for v, d := range s.dominator {
		if uint32(v) != s.root {
			s.firstChild[d]--
			s.child[s.firstChild[d]] = uint32(v)
		}
	}
}

// late allocates a column of zeros for what is computed when it is asked for,
// where there is no error to return: the Go heap serves when the system refuses.
func late[T column.Number](s *Snapshot, n int) []T {
	c, err := column.Make[T](&s.arena, n)
	if err != nil {
		return make([]T, n)
	}
	return c
}
