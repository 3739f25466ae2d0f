package heap

import "github.com/plumb-dev/plumb/heap/internal/column"

// propagateDetachedness spreads the known states of DOM nodes to the native
// nodes reachable from them and renames the detached ones, in the manner of
// DevTools' propagateDOMState: attached wins over what has no state of its
// own, and nothing passes through JavaScript objects.
func (s *Snapshot) propagateDetachedness() error {
	if s.detachedness == nil {
		return s.detachedByName()
	}
	var visited column.Bits
	var attached, detached []uint32
	renamed := map[uint32]uint32{} // name -> name with the prefix
	visit := func(n uint32, state Detachedness) {
		if visited.Has(n) {
			return
		}
		visited.Add(n)
		if s.nodeTypes[s.typ[n]] != Native {
			return
		}
		s.detachedness[n] = uint8(state)
		switch state {
		case Attached:
			attached = append(attached, n)
		case Detached:
			name, ok := renamed[s.name[n]]
			if !ok {
				name = uint32(s.text.count())
				s.text.added = append(s.text.added, "Detached "+s.text.string(StringID(s.name[n])))
				renamed[s.name[n]] = name
			}
			s.name[n] = name
			detached = append(detached, n)
		}
	}
	spread := func(n uint32, state Detachedness) {
		for e := s.firstEdge[n]; e < s.firstEdge[n+1]; e++ {
			switch s.EdgeType(Edge(e)) {
			case HiddenEdge, InvisibleEdge, WeakEdge:
			default:
				visit(s.target[e]&targetMask, state)
			}
		}
	}
	for n, state := range s.detachedness {
		if state&3 == 0 {
			continue
		}
		if visited == nil {
			visited = make(column.Bits, (len(s.typ)+63)/64)
		}
		visit(uint32(n), Detachedness(state&3))
	}
	for len(attached) > 0 {
		n := attached[len(attached)-1]
		attached = attached[:len(attached)-1]
		spread(n, Attached)
	}
	for len(detached) > 0 {
		n := detached[len(detached)-1]
		detached = detached[:len(detached)-1]
		if Detachedness(s.detachedness[n]) != Attached {
			spread(n, Detached)
		}
	}
	return nil
}

// detachedByName is for files without the field: native nodes that are called
// detached are, and nothing spreads.
func (s *Snapshot) detachedByName() error {
	if len(s.detachedNames) == 0 {
		return nil
	}
	names := make(map[uint32]bool, len(s.detachedNames))
	for _, id := range s.detachedNames {
		names[id] = true
	}
	for n, name := range s.name {
		if s.nodeTypes[s.typ[n]] != Native || !names[name] {
			continue
		}
		if s.detachedness == nil {
			var err error
			if s.detachedness, err = column.Make[uint8](&s.arena, len(s.typ)); err != nil {
				return err
			}
		}
		s.detachedness[n] = uint8(Detached)
	}
	return nil
}
