package heap

import (
	"context"

	"github.com/plumb-dev/plumb/heap/internal/column"
	"github.com/plumb-dev/plumb/heap/internal/dominator"
)

// findDominators computes the dominator tree over the edges that keep their
// target alive (DevTools' essential edges, computeIsEssentialEdge).
func (s *Snapshot) findDominators(ctx context.Context) (*dominator.Tree, error) {
	never, onlyFromRoot := s.edgesThatNeverCount()
	graph := &dominator.Graph{
		Root: s.root, First: s.firstEdge, Target: s.target, Inside: s.inside, Shared: s.shared,
		Counts: func(v, e uint32) bool {
			t, kind := s.target[e]&targetMask, s.target[e]>>targetBits
			return !never[kind] && t != v &&
				(v == s.root || !onlyFromRoot[kind] && (s.inside.Has(v) || !s.inside.Has(t))) &&
				(kind != ephemeronType || !s.heldByTable(v, e))
		},
	}
	for kind := range graph.Sure {
		graph.Sure[kind] = !never[kind] && !onlyFromRoot[kind] && kind != ephemeronType
	}
	return dominator.Find(ctx, &s.arena, graph)
}

// edgesThatNeverCount says which edge types keep nothing alive: weak ones, and
// shortcuts except from the root, where they mark the global objects.
func (s *Snapshot) edgesThatNeverCount() (never, onlyFromRoot [16]bool) {
	for kind, t := range s.edgeTypes {
		never[kind] = t == WeakEdge
		onlyFromRoot[kind] = t == ShortcutEdge
	}
	return never, onlyFromRoot
}

// heldByTable says whether e, an edge with the name of a WeakMap entry, is the
// table's. The value of an entry needs both table and key; of the two edges
// only the key's counts, which tells more.
func (s *Snapshot) heldByTable(source, e uint32) bool {
	return s.ephemeronOf(e).table == uint64(s.id[source])
}

// retain takes the tree and sums sizes up it. What neither the root nor an
// orphan reaches is a child of the root with its own size only.
func (s *Snapshot) retain(tree *dominator.Tree) (err error) {
	s.dominator = tree.Dominator
	if s.retained, err = column.Scratch[uint64](&s.arena, len(s.typ)); err != nil {
		return err
	}
	total := uint64(0)
	for v, size := range s.self {
		s.retained[v] = uint64(size)
		total += uint64(size)
	}
	for v := range tree.Hanging.All() {
		size := uint64(s.self[v])
		for d := v; tree.Hanging.Has(d); {
			d = s.dominator[d]
			s.retained[d] += size
		}
	}
	for i := len(tree.Order) - 1; i > 0; i-- {
		v := tree.Order[i]
		s.retained[s.dominator[v]] += s.retained[v]
	}
	s.retained[s.root] = total
	tree.Free(&s.arena)
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
