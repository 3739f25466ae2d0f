package decode

import "sync"

// splitTargets collects the edges whose record lies in two blocks.
type splitTargets struct {
	mu sync.Mutex
	m  map[int64]*splitTarget
}

type splitTarget struct{ kind, node uint32 }

func (s *splitTargets) of(e int64) *splitTarget {
	if s.m == nil {
		s.m = map[int64]*splitTarget{}
	}
	if s.m[e] == nil {
		s.m[e] = &splitTarget{}
	}
	return s.m[e]
}

func (s *splitTargets) setType(e int64, v uint32) { s.mu.Lock(); s.of(e).kind = v; s.mu.Unlock() }
func (s *splitTargets) setNode(e int64, v uint32) { s.mu.Lock(); s.of(e).node = v; s.mu.Unlock() }
