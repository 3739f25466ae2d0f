package heap

import (
	"regexp"
	"strconv"
	"sync"
)

// Ephemeron is an edge that V8 writes for an entry of a WeakMap: one from the
// table and one from the key, both to the value and both with the same Pair.
type Ephemeron struct {
	Pair  string // the name without its leading number: the same for both
	Table uint64 // object id of the table
}

// ephemeronName is DevTools' tryParseWeakMapEdgeName: a JavaScript dot matches
// no line terminator, so a class name with a line break inside does not match.
// V8 composes the name in a fixed buffer: a long one may lack the shape.
var ephemeronName = regexp.MustCompile(
	`^[0-9]+( / part of key \([^\n\r\x{2028}\x{2029}]*? @[0-9]+\) -> value \([^\n\r\x{2028}\x{2029}]*? @[0-9]+\) pair in WeakMap \(table @([0-9]+)\))$`)

// ephemerons are the names of WeakMap entries among the strings.
type ephemerons struct {
	candidates nameSet // strings that may be such names
	once       sync.Once
	parsed     map[StringID]ephemeron
}

type ephemeron struct {
	Ephemeron
	pair uint32 // equal for equal Pair
}

// byName returns the names, parsed when first asked for.
func (e *ephemerons) byName(t *text) map[StringID]ephemeron {
	e.once.Do(func() {
		e.parsed = make(map[StringID]ephemeron, len(e.candidates))
		pairs := make(map[string]uint32, len(e.candidates))
		for _, id := range e.candidates {
			m := ephemeronName.FindStringSubmatch(t.string(StringID(id)))
			if m == nil {
				continue
			}
			table, err := strconv.ParseUint(m[2], 10, 64)
			if err != nil {
				table = 0 // no object has the id 0
			}
			pair, ok := pairs[m[1]]
			if !ok {
				pair = uint32(len(pairs))
				pairs[m[1]] = pair
			}
			e.parsed[StringID(id)] = ephemeron{Ephemeron{m[1], table}, pair}
		}
	})
	return e.parsed
}

// ephemeronOf is the entry that e, an edge of ephemeronType, is part of.
func (s *Snapshot) ephemeronOf(e uint32) ephemeron {
	return s.ephemerons.byName(&s.text)[StringID(s.edgeName[e])]
}

// Ephemeron reads the name of an internal edge as an entry of a WeakMap.
func (s *Snapshot) Ephemeron(e Edge) (Ephemeron, bool) {
	if s.target[e]>>targetBits != ephemeronType {
		return Ephemeron{}, false
	}
	return s.ephemeronOf(uint32(e)).Ephemeron, true
}
