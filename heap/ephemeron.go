package heap

import (
	"strconv"
	"strings"
	"sync"
)

// Ephemeron is an edge that V8 writes for an entry of a WeakMap: one from the
// table and one from the key, both to the value and both with the same Pair.
type Ephemeron struct {
	Pair  string // the name without its leading number: the same for both
	Table uint64 // object id of the table
}

// parseEphemeron reads a name as DevTools' tryParseWeakMapEdgeName does, with
//
//	/^\d+( \/ part of key \(.*? @\d+\) -> value \(.*? @\d+\) pair in WeakMap \(table @(\d+)\))$/
//
// whose dots match no line terminator: with a line break in a class name it is
// no entry. V8 composes the name in a fixed buffer, so a long one may lack the
// shape too.
func parseEphemeron(name string) (Ephemeron, bool) {
	if strings.ContainsAny(name, "\n\r\u2028\u2029") {
		return Ephemeron{}, false
	}
	pair := strings.TrimLeft(name, digits)
	rest, ok := strings.CutPrefix(pair, " / part of key (")
	if !ok || len(pair) == len(name) {
		return Ephemeron{}, false
	}
	rest, ok = strings.CutSuffix(rest, ")")
	id := rest[len(strings.TrimRight(rest, digits)):]
	rest, ok2 := strings.CutSuffix(rest[:len(rest)-len(id)], ") pair in WeakMap (table @")
	if !ok || !ok2 || id == "" || !endsWithID(rest) {
		return Ephemeron{}, false
	}
	// Class names may hold anything, so any of several places can be the one
	// between key and value.
	for {
		i := strings.LastIndex(rest, ") -> value (")
		if i < 0 {
			return Ephemeron{}, false
		}
		if rest = rest[:i]; endsWithID(rest) {
			break
		}
	}
	table, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		table = 0 // no object has the id 0
	}
	return Ephemeron{pair, table}, true
}

const digits = "0123456789"

// endsWithID says whether text ends with " @" and digits.
func endsWithID(text string) bool {
	rest := strings.TrimRight(text, digits)
	return len(rest) < len(text) && strings.HasSuffix(rest, " @")
}

// ephemerons are the names of WeakMap entries among the strings.
type ephemerons struct {
	candidates nameSet // strings that may be such names
	once       sync.Once
	parsed     map[StringID]ephemeron
}

// ephemeron is an [Ephemeron] with a number for its text: there can be very
// many, and texts would be work for the garbage collector.
type ephemeron struct {
	pair  uint32 // equal for equal Pair
	table uint64
}

// byName returns the names, parsed when first asked for.
func (e *ephemerons) byName(t *text) map[StringID]ephemeron {
	e.once.Do(func() {
		e.parsed = make(map[StringID]ephemeron, len(e.candidates))
		pairs := make(map[string]uint32, len(e.candidates))
		for _, id := range e.candidates {
			entry, ok := parseEphemeron(t.view(StringID(id)))
			if !ok {
				continue
			}
			pair, ok := pairs[entry.Pair]
			if !ok {
				pair = uint32(len(pairs))
				pairs[entry.Pair] = pair
			}
			e.parsed[StringID(id)] = ephemeron{pair, entry.Table}
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
	return parseEphemeron(s.String(StringID(s.edgeName[e])))
}
