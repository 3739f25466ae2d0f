package heap

import (
	"math/bits"
	"strconv"
	"strings"
	"sync"

	"github.com/plumb-dev/plumb/heap/internal/column"
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
	if hasLineBreak(name) {
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

// hasLineBreak says whether text has one of JavaScript's line terminators.
func hasLineBreak(text string) bool {
	for i := range len(text) {
		switch text[i] {
		case '\n', '\r':
			return true
		case "\u2028"[0]:
			if strings.HasPrefix(text[i:], "\u2028") || strings.HasPrefix(text[i:], "\u2029") {
				return true
			}
		}
	}
	return false
}

const digits = "0123456789"

// endsWithID says whether text ends with " @" and digits.
func endsWithID(text string) bool {
	rest := strings.TrimRight(text, digits)
	return len(rest) < len(text) && strings.HasSuffix(rest, " @")
}

// ephemerons are the names of WeakMap entries among the strings.
type ephemerons struct {
	candidates nameSet // strings that may be such names, ascending
	once       sync.Once
	names      column.Bits // those that are
	before     []uint32    // how many come before each word of names
	entries    []ephemeron // of names, in their order
}

// ephemeron is an [Ephemeron] with a number for its text: there can be very
// many, and texts would be work for the garbage collector.
type ephemeron struct {
	pair  uint32 // equal for equal Pair
	table uint64
}

// parse reads the names when they are first asked for.
func (e *ephemerons) parse(t *text) {
	e.once.Do(func() {
		e.names = make(column.Bits, t.count()/64+1)
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
			e.names.Add(id)
			e.entries = append(e.entries, ephemeron{pair, entry.Table})
		}
		e.before = make([]uint32, len(e.names))
		sum := 0
		for word, set := range e.names {
			e.before[word] = uint32(sum)
			sum += bits.OnesCount64(set)
		}
	})
}

// ephemeronOf is the entry that e, an edge of ephemeronType, is part of.
func (s *Snapshot) ephemeronOf(e uint32) ephemeron {
	entries := &s.ephemerons
	entries.parse(&s.text)
	name := s.edgeName[e]
	if int(name>>6) >= len(entries.names) || !entries.names.Has(name) {
		return ephemeron{} // of a damaged index
	}
	lower := entries.names[name>>6] & (1<<(name&63) - 1)
	return entries.entries[int(entries.before[name>>6])+bits.OnesCount64(lower)]
}

// Ephemeron reads the name of an internal edge as an entry of a WeakMap.
func (s *Snapshot) Ephemeron(e Edge) (Ephemeron, bool) {
	if s.target[e]>>targetBits != ephemeronType {
		return Ephemeron{}, false
	}
	return parseEphemeron(s.String(StringID(s.edgeName[e])))
}
