package heap

import (
	"context"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// moveSizes gives the size of engine internals to the object that they belong
// to (DevTools' calculateShallowSizes). Arrays, hidden nodes and external
// string data are ownable: when exactly one node that is not ownable reaches
// such a node over edges that are not weak, passing only ownable ones, it owns
// it. Sizes are added modulo 2^32, as DevTools' Uint32Array does.
//
// A snapshot without user roots was captured with internals exposed and is
// left as it is.
func (s *Snapshot) moveSizes(ctx context.Context) error {
	if !s.hasUserRoots() {
		return nil
	}
	const none, several = 1<<32 - 1, 1<<32 - 2
	n := len(s.typ)
	owner, err := column.Scratch[uint32](&s.arena, n)
	if err != nil {
		return err
	}
	defer column.Free(&s.arena, owner)
	var ownable [256]bool
	native := [256]bool{}
	for kind, t := range s.nodeTypes {
		ownable[kind] = t == Hidden || t == Array
		native[kind] = t == Native
	}
	external := s.nameSet("system / ExternalStringData")
	for v, kind := range s.typ {
		if ownable[kind] || native[kind] && external.has(s.name[v]) {
			owner[v] = none
		} else {
			owner[v] = uint32(v)
		}
	}
	var weak [16]bool
	for kind, t := range s.edgeTypes {
		weak[kind] = t == WeakEdge
	}
	var work []uint32
	spread := func(v uint32) {
		mine := owner[v]
		for e, end := s.firstEdge[v], s.firstEdge[v+1]; e < end; e++ {
			t := s.target[e] & targetMask
			switch owner[t] {
			case t, mine, several:
				continue
			}
			if weak[s.target[e]>>targetBits] {
				continue
			}
			if owner[t] == none {
				owner[t] = mine
			} else {
				owner[t] = several
			}
			work = append(work, t)
		}
	}
	for v := range uint32(n) {
		if v&(1<<20-1) == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if owner[v] != v {
			continue
		}
		spread(v)
		for len(work) > 0 {
			t := work[len(work)-1]
			work = work[:len(work)-1]
			spread(t)
		}
	}
	for v, o := range owner {
		if o == none || o == several || o == uint32(v) || o == s.root || s.nodeTypes[s.typ[o]] == Synthetic {
			continue
		}
		s.self[o] += s.self[v]
		s.self[v] = 0
	}
	return nil
}

func (s *Snapshot) hasUserRoots() bool {
	for e := s.firstEdge[s.root]; e < s.firstEdge[s.root+1]; e++ {
		if s.userRoot(s.target[e] & targetMask) {
			return true
		}
	}
	return false
}
