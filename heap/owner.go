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
	ownable, err := s.ownable()
	if err != nil {
		return err
	}
	defer column.Free(&s.arena, ownable)
	owner, err := column.Scratch[uint32](&s.arena, n) // of the ownable ones
	if err != nil {
		return err
	}
	defer column.Free(&s.arena, owner)
	for v := range owner {
		owner[v] = none
	}
	var weak [16]bool
	for kind, t := range s.edgeTypes {
		weak[kind] = t == WeakEdge
	}
	var work []uint32
	spread := func(v, mine uint32) {
		for _, packed := range s.target[s.firstEdge[v]:s.firstEdge[v+1]] {
			t := packed & targetMask
			if !ownable.Has(t) || weak[packed>>targetBits] {
				continue
			}
			switch owner[t] {
			case mine, several:
				continue
			case none:
				owner[t] = mine
			default:
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
		if ownable.Has(v) {
			continue
		}
		spread(v, v)
		for len(work) > 0 {
			t := work[len(work)-1]
			work = work[:len(work)-1]
			spread(t, owner[t])
		}
	}
	for v, o := range owner {
		if o == none || o == several || o == s.root || s.nodeTypes[s.typ[o]] == Synthetic {
			continue
		}
		s.self[o] += s.self[v]
		s.self[v] = 0
	}
	return nil
}

// ownable is the set of nodes that another one can own.
func (s *Snapshot) ownable() (column.Bits, error) {
	set, err := column.MakeBits(&s.arena, len(s.typ))
	if err != nil {
		return nil, err
	}
	external := s.nameSet("system / ExternalStringData")
	for v, kind := range s.typ {
		switch s.nodeTypes[kind] {
		case Hidden, Array:
			set.Add(uint32(v))
		case Native:
			if external.has(s.name[v]) {
				set.Add(uint32(v))
			}
		}
	}
	return set, nil
}

func (s *Snapshot) hasUserRoots() bool {
	for e := s.firstEdge[s.root]; e < s.firstEdge[s.root+1]; e++ {
		if s.userRoot(s.target[e] & targetMask) {
			return true
		}
	}
	return false
}
