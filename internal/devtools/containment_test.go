package devtools

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/heap"
)

func TestContainmentOrder(t *testing.T) {
	b, add := withRoot()
	b.Format.EdgeTypes = append(slices.Clone(b.Format.EdgeTypes), "invisible")
	from := add("object", "From", 8)
	to := func(size uint64) heap.Node { return b.Node("object", "To", size) }
	b.Element(from, 9, to(50))
	b.Element(from, 10, to(50))
	b.Edge(from, "property", "b", to(50))
	b.Edge(from, "property", "__proto__", to(50))
	b.Edge(from, "shortcut", "8th", to(50))
	b.Edge(from, "property", "a", to(50))
	b.Edge(from, "weak", "weak", to(10))
	b.Edge(from, "property", "__proto__", to(50))
	b.Edge(from, "property", "large", to(1000))
	b.Edge(from, "invisible", "unseen", to(5000))
	b.Edge(from, "property", "a", to(50))
	v := view(t, b)
	var got []string
	for _, e := range v.Containment(from) {
		got = append(got, fmt.Sprint(v.snap.EdgeName(e), "#", e-firstEdge(v, from)))
	}
	// By size, then words before numbers, both as text; __proto__ last, the
	// later of two first; the weakly held retains itself all the same.
	want := "large#8 a#5 a#10 b#2 10#1 8#4 9#0 __proto__#7 __proto__#3 weak#6"
	if got := strings.Join(got, " "); got != want {
		t.Errorf("containment: %s\nwant %s", got, want)
	}
}

func firstEdge(v *View, n heap.Node) heap.Edge {
	first, _ := v.snap.Edges(n)
	return first
}

// TestDominators are DevTools' own: DominatorsTree, GetDominatorsOf.
func TestDominators(t *testing.T) {
	v := view(t, sixNodes())
	for n, want := range map[heap.Node][]heap.Node{
		0: {0}, 1: {1, 0}, 2: {2, 0}, 3: {3, 0}, 4: {4, 2, 0}, 5: {5, 3, 0},
	} {
		if got := v.Dominators(n); !slices.Equal(got, want) {
			t.Errorf("dominators of %d: %v, want %v", n, got, want)
		}
	}
}
