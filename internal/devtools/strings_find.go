package devtools

import (
	"errors"
	"hash/maphash"
	"math/bits"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/plumb-dev/plumb/heap"
)

// stringFinder reads the strings of a heap: plain ones and those made by
// concatenation. Sliced strings are not looked at, as in DevTools.
type stringFinder struct {
	view  *View
	snap  *heap.Snapshot
	texts *consTexts

	parts                          consNames
	truncated, length, hash, value []heap.StringID // names of edges
	empty, boolean, yes, integer   []heap.StringID // names of nodes
}

func newStringFinder(v *View) *stringFinder {
	s := v.snap
	return &stringFinder{
		view: v, snap: s, texts: newConsTexts(v), parts: newConsNames(s),
		truncated: s.FindStrings("truncated"), length: s.FindStrings("length"),
		hash: s.FindStrings("hash"), value: s.FindStrings("value"),
		empty: s.FindStrings(""), boolean: s.FindStrings("bool"), yes: s.FindStrings("true"), integer: s.FindStrings("int"),
	}
}

// duplicates is createDuplicatedStringsFilter: every string that has an equal.
func (f *stringFinder) duplicates() nodeSet {
	found := newNodeSet(f.snap)
	for _, g := range f.groups() {
		for _, n := range g.nodes {
			found.add(n)
		}
	}
	return found
}

// stringGroup is the strings with one identity.
type stringGroup struct {
	stringIdentity
	nodes []heap.Node
}

// groups are the strings that have an equal, in the order of the file.
func (f *stringFinder) groups() []*stringGroup {
	var all []*stringGroup
	byIdentity := map[stringIdentity]*stringGroup{}
	for _, n := range f.alike() {
		id := f.identity(n)
		g := byIdentity[id]
		if g == nil {
			g = &stringGroup{stringIdentity: id}
			byIdentity[id] = g
			all = append(all, g)
		}
		g.nodes = append(g.nodes, n)
	}
	return slices.DeleteFunc(all, func(g *stringGroup) bool { return len(g.nodes) < 2 })
}

// alike are the strings whose text may be that of another. Most strings of a heap
// have no equal, which a count for each hash tells without a table of texts.
func (f *stringFinder) alike() []heap.Node {
	s := f.snap
	var all []heap.Node
	for n := range heap.Node(s.NodeCount()) {
		// Strings without a size stand for numbers in the snapshot's own graph.
		if t := s.Type(n); (t == heap.String || t == heap.ConcatenatedString && !f.isFlat(n)) && s.ShallowSize(n) > 0 {
			all = append(all, n)
		}
	}
	width := bits.Len(uint(len(all) * 8)) // 8 and more hashes for each string
	count := make([]uint8, 1<<width)      // none, one or several
	hashes := make([]uint64, len(all))
	seed := maphash.MakeSeed()
	var work sync.WaitGroup
	share := len(all)/runtime.GOMAXPROCS(0) + 1
	for from := 0; from < len(all); from += share {
		work.Go(func() {
			f.hashTexts(seed, all[from:min(from+share, len(all))], hashes[from:])
		})
	}
	work.Wait()
	for i, h := range hashes {
		hashes[i] = h >> (64 - width)
		count[hashes[i]] = min(2, count[hashes[i]]+1)
	}
	rest := all[:0]
	for i, n := range all {
		if count[hashes[i]] > 1 {
			rest = append(rest, n)
		}
	}
	return rest
}

// hashTexts fills hashes with those of texts.
func (f *stringFinder) hashTexts(seed maphash.Seed, all []heap.Node, hashes []uint64) {
	texts := newConsTexts(f.view)
	var text []byte
	for i, n := range all {
		if f.snap.Type(n) == heap.String {
			text = f.snap.AppendString(text[:0], f.snap.NameID(n))
		} else {
			text = append(text[:0], texts.of(n)...)
		}
		hashes[i] = maphash.Bytes(seed, text)
	}
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
		if (contains(f.parts.first, name) || contains(f.parts.second, name)) && f.isEmpty(s.EdgeTarget(e)) {
			return true
		}
	}
	return false
}

// isEmpty says whether the display name of n is empty.
func (f *stringFinder) isEmpty(n heap.Node) bool {
	switch f.snap.Type(n) {
	case heap.String:
		return contains(f.empty, f.snap.NameID(n))
	case heap.ConcatenatedString:
		// Mostly its last part is a string with a text, which is as good as the whole.
		if _, second := f.parts.parts(f.snap, n); f.snap.Type(second) == heap.String && !f.isEmpty(second) {
			return false
		}
	}
	return f.texts.of(n) == ""
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
