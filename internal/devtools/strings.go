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
	groups := newStringFinder(v).groups()
	var whole, truncated []StringGroup
	firstOfText := map[string]int{} // truncated groups go by text, then by group
	for _, same := range groups {
		g := StringGroup{
			Value: same.text, Truncated: same.truncated, Nodes: same.nodes,
			Length: same.length, Hash: same.hash, HasLength: same.hasLength, HasHash: same.hasHash,
		}
		for _, n := range g.Nodes {
			g.Shallow += v.snap.ShallowSize(n)
			g.Retained += v.snap.RetainedSize(n)
		}
		if !g.Truncated {
			whole = append(whole, g)
			continue
		}
		if _, ok := firstOfText[g.Value]; !ok {
			firstOfText[g.Value] = len(firstOfText)
		}
		truncated = append(truncated, g)
	}
	slices.SortStableFunc(truncated, func(a, b StringGroup) int {
		return cmp.Compare(firstOfText[a.Value], firstOfText[b.Value])
	})
	out := slices.Concat(whole, truncated)
	slices.SortStableFunc(out, func(a, b StringGroup) int { return cmp.Compare(b.Retained, a.Retained) })
	return out
}

// duplicatedStrings is the filter of that name.
func (v *View) duplicatedStrings() Filter { return newStringFinder(v).duplicates().has }
