package devtools

import (
	"context"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// SearchQuery is what to look for in the names of nodes.
type SearchQuery struct {
	Text string
	// Regex reads Text as a JavaScript regular expression without flags, see
	// [ParseJSRegexp]; upper and lower case then always differ.
	Regex         bool
	CaseSensitive bool
}

// Search lists the nodes whose display name contains the query, in node order.
// Nodes without a size of their own are left out: no grid shows them. A keep
// that is not nil decides which nodes are looked at.
func (v *View) Search(ctx context.Context, q SearchQuery, keep func(heap.Node) bool) ([]heap.Node, error) {
	match, err := q.matcher()
	if err != nil {
		return nil, err
	}
	var found []heap.Node
	var known []answer // of the raw names, by string: many nodes share one
	for i := range v.snap.NodeCount() {
		if i%(1<<16) == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		n := heap.Node(i)
		if keep != nil && !keep(n) || v.snap.ShallowSize(n) == 0 {
			continue
		}
		if v.named(n) {
			if match(v.DisplayName(n)) {
				found = append(found, n)
			}
			continue
		}
		id := v.snap.NameID(n)
		for int(id) >= len(known) {
			known = append(known, make([]answer, max(v.snap.StringCount(), int(id)+1)-len(known))...)
		}
		if known[id] == unasked {
			known[id] = no
			if match(v.snap.String(id)) {
				known[id] = yes
			}
		}
		if known[id] == yes {
			found = append(found, n)
		}
	}
	return found, nil
}

type answer uint8

const (
	unasked answer = iota
	no
	yes
)

// named says whether n's display name is composed: not its raw name.
func (v *View) named(n heap.Node) bool {
	switch v.snap.Type(n) {
	case heap.ConcatenatedString:
		return true
	case heap.Object:
		return v.snap.Name(n) == "Object"
	}
	return false
}

func (q SearchQuery) matcher() (func(string) bool, error) {
	switch {
	case q.Regex:
		re, err := ParseJSRegexp(q.Text)
		if err != nil {
			return nil, err
		}
		return re.MatchString, nil
	case q.CaseSensitive:
		return func(s string) bool { return strings.Contains(s, q.Text) }, nil
	}
	folded := foldCase(q.Text)
	return func(s string) bool { return strings.Contains(foldCase(s), folded) }, nil
}
