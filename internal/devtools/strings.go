package devtools

import (
	"cmp"
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// StringGroup is strings of the heap with the same text.
type StringGroup struct {
	Value     string
	Shallow   uint64 // bytes, of all together
	Retained  uint64 // bytes, the sum over the nodes
	Nodes     []heap.Node
	Truncated bool // the snapshot has only the beginning of the text
	// Length (UTF-16 units) and Hash of truncated texts, where the snapshot
	// has them: texts that begin alike and differ later have different ones.
	Length, Hash       float64
	HasLength, HasHash bool
}

// stringIdentity is what equal strings have in common.
type stringIdentity struct {
	text               string
	truncated          bool
	length, hash       float64
	hasLength, hasHash bool
}

// DuplicateStrings groups the strings that occur more than once, the greatest
// retained size first (getDuplicateStrings).
func (v *View) DuplicateStrings() []StringGroup {
	finder := newStringFinder(v)
	shown := finder.duplicates()
	var whole, truncated []*StringGroup
	groups := map[stringIdentity]*StringGroup{}
	firstOfText := map[string]int{} // truncated groups go by text, then by group
	for n := range heap.Node(v.snap.NodeCount()) {
		if !shown.has(n) {
			continue
		}
		id := finder.identity(n)
		g := groups[id]
		if g == nil {
			g = &StringGroup{
				Value: id.text, Truncated: id.truncated,
				Length: id.length, Hash: id.hash, HasLength: id.hasLength, HasHash: id.hasHash,
			}
			groups[id] = g
			if !id.truncated {
				whole = append(whole, g)
			} else {
				if _, ok := firstOfText[id.text]; !ok {
					firstOfText[id.text] = len(firstOfText)
				}
				truncated = append(truncated, g)
			}
		}
		g.Nodes = append(g.Nodes, n)
		g.Shallow += v.snap.ShallowSize(n)
		g.Retained += v.snap.RetainedSize(n)
	}
	slices.SortStableFunc(truncated, func(a, b *StringGroup) int {
		return cmp.Compare(firstOfText[a.Value], firstOfText[b.Value])
	})
	out := make([]StringGroup, 0, len(groups))
	for _, g := range append(whole, truncated...) {
		out = append(out, *g)
	}
	slices.SortStableFunc(out, func(a, b StringGroup) int { return cmp.Compare(b.Retained, a.Retained) })
	return out
}

// duplicatedStrings is the filter of that name.
func (v *View) duplicatedStrings() Filter { return newStringFinder(v).duplicates().has }
