package heap

import "unsafe"

// Flags returns what DevTools knows of n's place. They are computed for all
// nodes when first asked for.
func (s *Snapshot) Flags(n Node) Flags {
	s.flagsOnce.Do(s.buildFlags)
	return Flags(s.flags[n])
}

// buildFlags is DevTools' calculateFlags.
func (s *Snapshot) buildFlags() {
	s.flags = late[uint8](s, len(s.typ))
	for n := range s.flags {
		if s.inside.Has(uint32(n)) {
			s.flags[n] |= uint8(PageObject)
		}
		if s.nodeTypes[s.typ[n]] == Native && s.Detachedness(Node(n)) == Detached {
			s.flags[n] |= uint8(DetachedDOM)
		}
	}
	var stack []uint32
	for e := s.firstEdge[s.root]; e < s.firstEdge[s.root+1]; e++ {
		if t := s.target[e] & targetMask; s.nodeTypes[s.typ[t]] != Synthetic {
			stack = append(stack, t)
		}
	}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s.flags[n]&uint8(CanBeQueried) != 0 {
			continue
		}
		s.flags[n] |= uint8(CanBeQueried)
		for e := s.firstEdge[n]; e < s.firstEdge[n+1]; e++ {
			switch s.EdgeType(Edge(e)) {
			case HiddenEdge, InvisibleEdge, InternalEdge, WeakEdge:
				continue
			}
			if t := s.target[e] & targetMask; s.flags[t]&uint8(CanBeQueried) == 0 {
				stack = append(stack, t)
			}
		}
	}
}

// nodesOf reads a column of node numbers as nodes.
func nodesOf(column []uint32) []Node {
	return unsafe.Slice((*Node)(unsafe.SliceData(column)), len(column))
}
