package devtools

import (
	"slices"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// matcher finds the interface of a plain object: of all whose properties the
// object has, the one with the most; among equals the first of the list. It is
// the tree of applyInterfaceDefinitions: an edge adds one property, properties
// go in order, and a search keeps every state that the properties so far allow.
type matcher struct {
	snap  *heap.Snapshot
	rank  map[string]int32 // of the properties that occur in an interface
	known []int32          // rank by string ID: 0 not asked yet, 1 none, else rank+2
	next  map[step]int32
	state []matchState
	// What one search needs, kept between searches.
	properties []int32
	active     []int32
	isActive   []bool
}

// step adds a property to a state.
type step struct{ state, property int32 }

type matchState struct {
	found      int32 // the interface that ends here, or noInterface
	properties int32 // on the way here
	greatest   int32 // of the properties that lead on, -1 when none does
}

const noInterface = -1

func newMatcher(s *heap.Snapshot, interfaces []Interface) *matcher {
	m := &matcher{snap: s, rank: map[string]int32{}, next: map[step]int32{}, known: make([]int32, s.StringCount())}
	var names []string
	for _, i := range interfaces {
		names = append(names, i.Properties...)
	}
	slices.SortFunc(names, wtf8.Compare)
	for i, name := range slices.Compact(names) {
		m.rank[name] = int32(i)
	}
	m.state = []matchState{{found: noInterface, greatest: -1}}
	for i, definition := range interfaces {
		m.add(int32(i), definition.Properties)
	}
	m.isActive = make([]bool, len(m.state))
	return m
}

func (m *matcher) add(index int32, properties []string) {
	ranks := make([]int32, len(properties))
	for i, p := range properties {
		ranks[i] = m.rank[p]
	}
	slices.Sort(ranks)
	at := int32(0)
	for i, property := range ranks {
		to, ok := m.next[step{at, property}]
		if !ok {
			to = int32(len(m.state))
			m.next[step{at, property}] = to
			m.state = append(m.state, matchState{found: noInterface, properties: int32(i + 1), greatest: -1})
			m.state[at].greatest = max(m.state[at].greatest, property)
		}
		at = to
	}
	// The same properties in another order: the earlier interface stands.
	if m.state[at].found == noInterface {
		m.state[at].found = index
	}
}

// match returns the position of n's interface, or noInterface.
func (m *matcher) match(n heap.Node) int32 {
	m.collect(n)
	m.active = append(m.active[:0], 0)
	m.isActive[0] = true
	best := matchState{found: noInterface}
	for _, property := range m.properties {
		before := m.active
		kept := 0
		for i := range before {
			at := before[i]
			if property < m.state[at].greatest {
				m.active[kept] = at
				kept++
			} else {
				m.isActive[at] = false
			}
			to, ok := m.next[step{at, property}]
			if !ok || m.isActive[to] {
				continue
			}
			m.isActive[to] = true
			m.active = append(m.active, to)
			best = better(best, m.state[to])
		}
		m.active = slices.Delete(m.active, kept, len(before))
	}
	for _, at := range m.active {
		m.isActive[at] = false
	}
	return best.found
}

// better is selectBetterMatch.
func better(a, b matchState) matchState {
	if b.found == noInterface {
		return a
	}
	if a.found == noInterface || b.properties > a.properties ||
		b.properties == a.properties && b.found < a.found {
		return b
	}
	return a
}

// collect sets m.properties to n's properties that any interface has, sorted;
// one that stands twice counts twice. Others cannot lead anywhere.
func (m *matcher) collect(n heap.Node) {
	m.properties = m.properties[:0]
	for e, end := m.snap.Edges(n); e < end; e++ {
		if m.snap.EdgeType(e) != heap.PropertyEdge {
			continue
		}
		id := m.snap.EdgeNameID(e)
		if m.known[id] == 0 {
			m.known[id] = 1
			if rank, ok := m.rank[m.snap.String(heap.StringID(id))]; ok {
				m.known[id] = rank + 2
			}
		}
		if known := m.known[id]; known > 1 {
			m.properties = append(m.properties, known-2)
		}
	}
	slices.Sort(m.properties)
}
