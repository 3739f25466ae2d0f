package leak

import (
	"fmt"

	"github.com/plumb-dev/plumb/heap"
)

// ages tells for each node of the last snapshot in which one its id was seen
// first: 0 is the first snapshot. V8 gives ids once per process and keeps them,
// odd ones for JavaScript objects. Even ids are the embedder's; they are not
// kept, so those nodes count as old.
func ages(graphs []*graph) []uint8 {
	last := graphs[len(graphs)-1].s
	age := make([]uint8, last.NodeCount())
	for n := range age {
		id := last.ID(heap.Node(n))
		if !isJS(id) {
			continue
		}
		k := 0
		for k < len(graphs)-1 {
			if _, ok := graphs[k].ids.node(id); ok {
				break
			}
			k++
		}
		age[n] = uint8(k)
	}
	return age
}

func isJS(id uint64) bool { return id&1 == 1 }

// idIndex finds nodes by the odd ids. V8 counts ids up, so that a plain array
// serves; a file whose ids lie far apart gets a map.
type idIndex struct {
	dense   []uint32 // node+1 by id/2, 0 for none
	sparse  map[uint64]uint32
	highest uint64
}

func newIDIndex(s *heap.Snapshot) idIndex {
	var x idIndex
	for n := range s.NodeCount() {
		if id := s.ID(heap.Node(n)); isJS(id) {
			x.highest = max(x.highest, id)
		}
	}
	if x.highest/2 > 16*uint64(s.NodeCount())+1024 {
		x.sparse = make(map[uint64]uint32, s.NodeCount())
	} else {
		x.dense = make([]uint32, x.highest/2+1)
	}
	for n := range s.NodeCount() {
		switch id := s.ID(heap.Node(n)); {
		case !isJS(id):
		case x.sparse != nil:
			x.sparse[id] = uint32(n) + 1
		default:
			x.dense[id/2] = uint32(n) + 1
		}
	}
	return x
}

func (x *idIndex) node(id uint64) (heap.Node, bool) {
	if !isJS(id) {
		return 0, false
	}
	if x.sparse != nil {
		n, ok := x.sparse[id]
		return heap.Node(n - 1), ok
	}
	if id/2 >= uint64(len(x.dense)) || x.dense[id/2] == 0 {
		return 0, false
	}
	return heap.Node(x.dense[id/2] - 1), true
}

// OrderError says that snapshots cannot be of one process in this order.
type OrderError struct {
	First, Second int // positions of the two, from 0
	Reason        string
	Hint          string
}

func (e *OrderError) Error() string {
	return fmt.Sprintf("compare snapshots %d and %d: %s", e.First+1, e.Second+1, e.Reason)
}

// checkOrder tells whether two snapshots can be of one process, a before b.
func checkOrder(i int, first, second *graph) error {
	a, b := first.s, second.s
	before, after := first.ids.highest, second.ids.highest
	same, other := 0, 0
	const enough = 200_000 // nodes to look at
	for n := heap.Node(0); int(n) < b.NodeCount(); n += heap.Node(b.NodeCount()/enough + 1) {
		t := b.Type(n)
		if t != heap.Closure && t != heap.Object {
			continue
		}
		old, ok := first.ids.node(b.ID(n))
		if !ok {
			continue
		}
		if a.Type(old) == t && a.Name(old) == b.Name(n) {
			same++
		} else {
			other++
		}
	}
	switch {
	case same == 0 || other*20 > same:
		return &OrderError{
			First: i, Second: i + 1,
			Reason: fmt.Sprintf("of %d ids in both, %d stand for different objects: they are of different processes, or a debugger left the process between them, which has V8 number its objects anew", same+other, other),
			Hint:   "have one plumb take them, without a restart between: plumb snapshot PID --count 2 --every 30s",
		}
	case before > after:
		return &OrderError{
			First: i, Second: i + 1,
			Reason: fmt.Sprintf("the second is the older one: its highest id is %d, the first has %d already", after, before),
			Hint:   "give the snapshots in the order in which they were taken",
		}
	case before == after && a.NodeCount() == b.NodeCount():
		return &OrderError{
			First: i, Second: i + 1,
			Reason: "they are the same snapshot",
			Hint:   "take the second one after some work: requests, jobs, messages",
		}
	}
	return nil
}
