package heap

import (
	"iter"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// buildRetainers lists the sources of every node's incoming edges: count,
// prefix sum, fill. It fills each list from its end, so that the last edge
// comes first, as in DevTools.
func (s *Snapshot) buildRetainers() {
	if s.firstRetainer != nil {
		return // from an index
	}
	s.firstRetainer = late[uint32](s, len(s.typ)+1)
	s.retainer = late[uint32](s, len(s.target))
	first, retainer, target := s.firstRetainer, s.retainer, s.target
	for _, t := range target {
		first[t&targetMask]++
	}
	sum := uint32(0)
	for i := range first {
		sum += first[i]
		first[i] = sum // the end of the list, moved down while it fills
	}
	for v := range uint32(len(s.typ)) {
		for e, end := s.firstEdge[v], s.firstEdge[v+1]; e < end; e++ {
			t := target[e] & targetMask
			first[t]--
			retainer[first[t]] = v
		}
	}
}

// retainersOf lists the sources of n's incoming edges. All lists are made when
// the first is asked for.
func (s *Snapshot) retainersOf(n Node) []uint32 {
	s.retainersOnce.Do(s.buildRetainers)
	return s.retainer[s.firstRetainer[n]:s.firstRetainer[n+1]]
}

// Shared says whether more than one edge leads to n, weak ones included.
func (s *Snapshot) Shared(n Node) bool {
	if s.shared == nil {
		return s.RetainerCount(n) > 1
	}
	return s.shared.Has(uint32(n))
}

// findShared fills the set of nodes to which more than one edge leads. The two
// words that it needs of a target, seen and shared, stand side by side, and
// nothing branches on them: what they say is as good as random.
func (s *Snapshot) findShared() error {
	words := (len(s.typ) + 63) / 64
	both, err := column.Make[uint64](&s.arena, 2*words)
	if err != nil {
		return err
	}
	defer column.Free(&s.arena, both)
	for _, t := range s.target {
		t &= targetMask
		pair := both[t>>6*2:][:2]
		bit := uint64(1) << (t & 63)
		pair[1] |= pair[0] & bit
		pair[0] |= bit
	}
	if s.shared, err = column.MakeBits(&s.arena, len(s.typ)); err != nil {
		return err
	}
	for word := range s.shared {
		s.shared[word] = both[2*word+1]
	}
	return nil
}

// RetainerCount is the number of edges that lead to n, weak ones included.
func (s *Snapshot) RetainerCount(n Node) int {
	return len(s.retainersOf(n))
}

// Retainers lists the edges that lead to n with the nodes they come from, the
// last edge of the file first (DevTools' raw order). Weak edges are included.
func (s *Snapshot) Retainers(n Node) iter.Seq2[Edge, Node] {
	return func(yield func(Edge, Node) bool) {
		list := s.retainersOf(n)
		for i := 0; i < len(list); {
			from := list[i]
			// All edges of one source stand together; find them in its list.
			for e := s.firstEdge[from+1]; e > s.firstEdge[from]; {
				e--
				if s.target[e]&targetMask != uint32(n) {
					continue
				}
				if !yield(Edge(e), Node(from)) {
					return
				}
				if i++; i == len(list) || list[i] != from {
					break
				}
			}
		}
	}
}
