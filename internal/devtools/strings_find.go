package devtools

import (
	"errors"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// stringFinder reads the strings of a heap: plain ones and those made by
// concatenation. Sliced strings are not looked at, as in DevTools.
type stringFinder struct {
	snap  *heap.Snapshot
	texts *consTexts

	first, second, truncated, length, hash, value []heap.StringID // names of edges
	boolean, yes, integer                         []heap.StringID // names of nodes
}

func newStringFinder(v *View) *stringFinder {
	s := v.snap
	return &stringFinder{
		snap: s, texts: newConsTexts(v),
		first: s.FindStrings("first"), second: s.FindStrings("second"),
		truncated: s.FindStrings("truncated"), length: s.FindStrings("length"),
		hash: s.FindStrings("hash"), value: s.FindStrings("value"),
		boolean: s.FindStrings("bool"), yes: s.FindStrings("true"), integer: s.FindStrings("int"),
	}
}

// duplicates is createDuplicatedStringsFilter: every string that has an equal.
func (f *stringFinder) duplicates() nodeSet {
	s := f.snap
	found := newNodeSet(s)
	firstOf := map[stringIdentity]heap.Node{}
	for n := range heap.Node(s.NodeCount()) {
		// Strings without a size stand for numbers in the snapshot's own graph.
		if t := s.Type(n); t != heap.String && t != heap.ConcatenatedString ||
			t == heap.ConcatenatedString && f.isFlat(n) || s.ShallowSize(n) == 0 {
			continue
		}
		id := f.identity(n)
		if other, ok := firstOf[id]; ok {
			found.add(other)
			found.add(n)
		} else {
			firstOf[id] = n
		}
	}
	return found
}

// isFlat says whether a part of the concatenated string n is empty: V8 has
// put its text together already, and the other part holds it.
func (f *stringFinder) isFlat(n heap.Node) bool {
	s := f.snap
	for e, end := s.Edges(n); e < end; e++ {
		if s.EdgeType(e) != heap.InternalEdge {
			continue
		}
		name := heap.StringID(s.EdgeNameID(e))
		if (contains(f.first, name) || contains(f.second, name)) && f.texts.of(s.EdgeTarget(e)) == "" {
			return true
		}
	}
	return false
}

func (f *stringFinder) identity(n heap.Node) stringIdentity {
	id := stringIdentity{text: f.texts.of(n)}
	if f.isTruncated(n) {
		id.truncated = true
		id.length, id.hasLength = f.number(n, f.length)
		id.hash, id.hasHash = f.number(n, f.hash)
	}
	return id
}

func (f *stringFinder) isTruncated(n heap.Node) bool {
	flag, ok := f.target(n, f.truncated)
	if !ok || f.snap.Type(flag) != heap.Number || !contains(f.boolean, f.snap.NameID(flag)) {
		return false
	}
	value, ok := f.target(flag, f.value)
	return ok && contains(f.yes, f.snap.NameID(value))
}

// number reads a number that hangs on n: a node "int" whose value is a string.
func (f *stringFinder) number(n heap.Node, name []heap.StringID) (float64, bool) {
	number, ok := f.target(n, name)
	if !ok || f.snap.Type(number) != heap.Number || !contains(f.integer, f.snap.NameID(number)) {
		return 0, false
	}
	value, ok := f.target(number, f.value)
	if !ok {
		return 0, false
	}
	return leadingInt(f.snap.Name(value))
}

// target follows n's first internal edge with a name.
func (f *stringFinder) target(n heap.Node, name []heap.StringID) (heap.Node, bool) {
	s := f.snap
	for e, end := s.Edges(n); e < end; e++ {
		if s.EdgeType(e) == heap.InternalEdge && contains(name, heap.StringID(s.EdgeNameID(e))) {
			return s.EdgeTarget(e), true
		}
	}
	return 0, false
}

// leadingInt is JavaScript's parseInt(text, 10): false where that is NaN.
func leadingInt(text string) (float64, bool) {
	text = strings.TrimLeft(text, "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff")
	digits := 0
	if text != "" && (text[0] == '-' || text[0] == '+') {
		digits++
	}
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	value, err := strconv.ParseFloat(text[:digits], 64)
	if err != nil { // no digits at all, or more than a number holds
		return value, errors.Is(err, strconv.ErrRange)
	}
	return value, true
}
