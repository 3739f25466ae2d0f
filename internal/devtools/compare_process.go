package devtools

import "github.com/plumb-dev/plumb/heap"

const (
	oldestIDs      = 20_000 // ids up to here are of objects made before the program ran
	leastCompared  = 100    // of these that both snapshots must have to say anything
	agreementShare = 0.9    // of them that must be the same object
)

// SameProcess guesses whether two snapshots come from one process. V8 gives
// out ids once and in order: in one process a low odd id is one and the same
// builtin object in all snapshots, in another process it may be any other one.
// So the nodes with the lowest ids are compared by type and name. It is not
// known when too few of them are in both. DevTools does not ask.
func SameProcess(base, target *heap.Snapshot) (same, known bool) {
	old := oldestNodes(base)
	compared, agree := 0, 0
	for id, n := range oldestNodes(target) {
		other, ok := old[id]
		if !ok {
			continue
		}
		compared++
		if base.TypeName(other) == target.TypeName(n) && base.Name(other) == target.Name(n) {
			agree++
		}
	}
	return float64(agree) >= agreementShare*float64(compared), compared >= leastCompared
}

func oldestNodes(s *heap.Snapshot) map[uint64]heap.Node {
	nodes := map[uint64]heap.Node{}
	for n := range heap.Node(s.NodeCount()) {
		if id := s.ID(n); id%2 == 1 && id <= oldestIDs {
			nodes[id] = n
		}
	}
	return nodes
}
