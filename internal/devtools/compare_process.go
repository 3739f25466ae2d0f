package devtools

import "github.com/plumb-dev/plumb/heap"

const (
	sampledNodes   = 50_000 // about as many are looked at
	leastCompared  = 100    // ids that both snapshots must have to say anything
	agreementShare = 0.9    // of them must be the same object; in truth all or a third are
)

// SameProcess guesses whether two snapshots come from one process. V8 gives
// out odd ids once and in order: in one process an id is one and the same
// object in all snapshots. In another process, even of the same program, only
// the first thousands are, which stand for objects made before any program
// runs. So nodes with the same odd id are compared by type and name. It is not
// known when there are too few of them. DevTools does not ask.
func SameProcess(base, target *heap.Snapshot) (same, known bool) {
	every := uint64(max(base.NodeCount(), target.NodeCount())/sampledNodes + 1)
	old := sample(base, every)
	compared, agree := 0, 0
	for id, n := range sample(target, every) {
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

// sample takes one in every odd ids, the same ones in all snapshots.
func sample(s *heap.Snapshot, every uint64) map[uint64]heap.Node {
	nodes := map[uint64]heap.Node{}
	for n := range heap.Node(s.NodeCount()) {
		if id := s.ID(n); id%2 == 1 && id/2%every == 0 {
			nodes[id] = n
		}
	}
	return nodes
}
