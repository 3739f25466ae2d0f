package heap

import (
	"context"
	"iter"

	"github.com/plumb-dev/plumb/heap/internal/column"
	"github.com/plumb-dev/plumb/heap/internal/dominator"
)

// buildRetainers lists the sources of every node's incoming edges: count,
// prefix sum, fill. It fills each list from its end, so that the last edge
// comes first, as in DevTools.
func (s *Snapshot) buildRetainers(ctx context.Context) (err error) {
	n := len(s.typ)
	if s.firstRetainer, err = column.Make[uint32](&s.arena, n+1); err != nil {
		return err
	}
	if s.retainer, err = column.Scratch[uint32](&s.arena, len(s.target)); err != nil {
		return err
	}
	first, retainer, target := s.firstRetainer, s.retainer, s.target
	for _, t := range target {
		first[t&targetMask]++
	}
	sum := uint32(0)
	for i := range first {
		sum += first[i]
		first[i] = sum // the end of the list, moved down while it fills
	}
	never, onlyFromRoot := s.edgesThatNeverCount()
	for v := range uint32(n) {
		if v&(1<<20-1) == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		for e, end := s.firstEdge[v], s.firstEdge[v+1]; e < end; e++ {
			t, kind := target[e]&targetMask, target[e]>>targetBits
			source := v
			if never[kind] || t == v || onlyFromRoot[kind] && v != s.root ||
				kind == ephemeronType && s.heldByTable(v, e) {
				source |= dominator.Ignored
			}
			first[t]--
			retainer[first[t]] = source
		}
	}
	return nil
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

// RetainerCount is the number of edges that lead to n, weak ones included.
func (s *Snapshot) RetainerCount(n Node) int {
	return int(s.firstRetainer[n+1] - s.firstRetainer[n])
}

// Retainers lists the edges that lead to n with the nodes they come from, the
// last edge of the file first (DevTools' raw order). Weak edges are included.
func (s *Snapshot) Retainers(n Node) iter.Seq2[Edge, Node] {
	return func(yield func(Edge, Node) bool) {
		const source = targetMask
		list := s.retainer[s.firstRetainer[n]:s.firstRetainer[n+1]]
		for i := 0; i < len(list); {
			from := list[i] & source
			// All edges of one source stand together; find them in its list.
			for e := s.firstEdge[from+1]; e > s.firstEdge[from]; {
				e--
				if s.target[e]&targetMask != uint32(n) {
					continue
				}
				if !yield(Edge(e), Node(from)) {
					return
				}
				if i++; i == len(list) || list[i]&source != from {
					break
				}
			}
		}
	}
}
