package leak

import (
	"github.com/plumb-dev/plumb/heap"
)

// Sighting is an object that a variable, a field or a property of the program
// holds, whether it grows or not: the opposite of a finding that is not there.
type Sighting struct {
	Variable string
	Declared Place
	Counts   []int    // members in each snapshot, as in a finding
	Room     []uint64 // bytes that the object and the array of its members take
}

// Grew says whether it had more in the last snapshot than in the first.
func (s *Sighting) Grew() bool {
	last := len(s.Counts) - 1
	return s.Counts[last] > s.Counts[0] || s.Room[last] > s.Room[0]
}

// sightings looks for what bears one of the names.
func (f *finder) sightings(names []string) []Sighting {
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	var found []Sighting
	if len(wanted) == 0 {
		return found
	}
	for n := range f.s.NodeCount() {
		from := heap.Node(n)
		for e, end := f.s.Edges(from); e < end; e++ {
			nm, ok := f.bears(from, e, wanted)
			if !ok || !f.value(f.s.EdgeTarget(e)) {
				continue
			}
			s := Sighting{}
			s.Declared, s.Variable = f.declaration(nm)
			for _, g := range f.graphs {
				count, room := 0, uint64(0)
				if then, ok := f.then(g, f.s.EdgeTarget(e)); ok {
					count, room = g.members(then), g.room(then)
				}
				s.Counts, s.Room = append(s.Counts, count), append(s.Room, room)
			}
			found = append(found, s)
		}
	}
	return found
}

// bears says whether a reference is a variable, an export or a property of one
// of the names.
func (f *finder) bears(from heap.Node, e heap.Edge, wanted map[string]bool) (named, bool) {
	switch f.s.EdgeType(e) {
	case heap.ContextEdge, heap.HiddenEdge:
		if !f.isContext(from) {
			return named{}, false
		}
		name, ok := f.scripts.variable(e)
		if !ok || !wanted[name] {
			return named{}, false
		}
		in := f.scripts.scopeOf(from)
		return named{place: in.place, variable: name, module: in.module, witness: in.witness, found: true}, isUser(in.url)
	case heap.PropertyEdge:
		name := f.s.EdgeName(e)
		if !wanted[name] {
			return named{}, false
		}
		if f.isGlobal(from) {
			return named{variable: name, global: true, found: true}, true
		}
		nm := f.scripts.classProperty(from, name, nil)
		return nm, nm.found
	case heap.InternalEdge:
		if f.s.EdgeName(e) != "value" || !f.isCell(from) {
			return named{}, false
		}
		nm, ok := f.scripts.export(from)
		return nm, ok && wanted[nm.variable]
	}
	return named{}, false
}
