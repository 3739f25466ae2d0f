package devtools

import (
	"strconv"

	"github.com/plumb-dev/plumb/heap"
)

// Class numbers the classes of one [View], in order of first appearance.
type Class uint32

// classification is everything that follows from the classes of all nodes and
// is kept in the index of a snapshot.
type classification struct {
	column        []Class // of each node
	encoded       []byte  // begins with room for a header and column, see encode
	table         classTable
	interfaces    []Interface
	rows          []aggregate // of all nodes, in the order of the summary
	statistics    Statistics
	maxJSObjectID uint64
}

// classEntry is one class. Its name is text[start:end] of the table.
type classEntry struct {
	start, end uint64
	location   heap.Location
	located    uint64 // 1 when location is part of the class
}

// classTable holds the classes: flat, so that it can be read from an index
// without being decoded.
type classTable struct {
	entries []classEntry
	text    []byte
}

func (t *classTable) len() int { return len(t.entries) }

func (t *classTable) name(c Class) string {
	e := &t.entries[c]
	return string(t.text[e.start:e.end])
}

// key is the class key that DevTools shows to its front end.
func (t *classTable) key(c Class) string {
	e := &t.entries[c]
	b := make([]byte, 0, 32+e.end-e.start)
	if e.located != 0 {
		b = strconv.AppendInt(b, e.location.ScriptID, 10)
		b = append(b, ',')
		b = strconv.AppendInt(b, e.location.Line, 10)
		b = append(b, ',')
		b = strconv.AppendInt(b, e.location.Column, 10)
	}
	b = append(b, ',')
	return string(append(b, t.text[e.start:e.end]...))
}

func (t *classTable) add(name string, location *heap.Location) Class {
	e := classEntry{start: uint64(len(t.text))}
	t.text = append(t.text, name...)
	e.end = uint64(len(t.text))
	if location != nil {
		e.location, e.located = *location, 1
	}
	t.entries = append(t.entries, e)
	return Class(len(t.entries) - 1)
}
