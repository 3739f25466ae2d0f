package heap

import (
	"context"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// markInside fills the set of nodes that belong to the user's program: what
// the root's shortcut edges (global objects) and the documents reach over
// edges that are not weak. Only its members can be retained by the program, so
// an edge from outside into it does not count for dominators (DevTools'
// markPageOwnedNodes).
//
// The first walk of the distances began at the user roots. Where these are the
// same nodes, which they are in snapshots of V8, what it visited is already
// all but the few targets that its filter refused.
func (s *Snapshot) markInside(ctx context.Context, visited column.Bits, refused []uint32) error {
	starts, same := s.insideStarts()
	var stack []uint32
	if same {
		copy(s.inside, visited)
		stack = append(stack, refused...)
	} else {
		for _, n := range starts {
			if !s.inside.Has(n) {
				s.inside.Add(n)
				stack = append(stack, n)
			}
		}
	}
	for steps := 0; len(stack) > 0; steps++ {
		if steps&(1<<20-1) == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for e := s.firstEdge[n]; e < s.firstEdge[n+1]; e++ {
			t := s.target[e] & targetMask
			if !s.inside.Has(t) && s.edgeTypes[s.target[e]>>targetBits] != WeakEdge {
				s.inside.Add(t)
				stack = append(stack, t)
			}
		}
	}
	return nil
}

// insideStarts lists where the program begins, and says whether these are
// exactly the user roots.
func (s *Snapshot) insideStarts() (starts []uint32, same bool) {
	start, user := map[uint32]bool{}, map[uint32]bool{}
	for e := s.firstEdge[s.root]; e < s.firstEdge[s.root+1]; e++ {
		t := s.target[e] & targetMask
		kind := s.edgeTypes[s.target[e]>>targetBits]
		document := s.nodeTypes[s.typ[t]] == Synthetic && s.documentRoots.has(s.name[t])
		if kind == ShortcutEdge || kind == ElementEdge && document {
			if !start[t] {
				starts = append(starts, t)
			}
			start[t] = true
		}
		if s.userRoot(t) {
			user[t] = true
		}
	}
	same = len(start) == len(user)
	for t := range start {
		same = same && user[t]
	}
	return starts, same
}
