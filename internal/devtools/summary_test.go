package devtools

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// sixNodes is the graph of DevTools' own tests (HeapSnapshot.test.ts).
func sixNodes() *testheap.Builder {
	b := testheap.New()
	root := b.Node("hidden", "", 0)
	var n [5]heap.Node
	for i, name := range []string{"A", "B", "C", "D", "E"} {
		n[i] = b.Node("object", name, uint64(i+2))
	}
	b.Edge(root, "property", "a", n[0])
	b.Edge(root, "property", "b", n[1])
	b.Element(n[0], 1, n[1])
	b.Edge(n[0], "property", "ac", n[2])
	b.Edge(n[1], "property", "bc", n[2])
	b.Edge(n[1], "property", "bd", n[3])
	b.Edge(n[2], "property", "ce", n[4])
	return b
}

func summary(t testing.TB, v *View, filter Filter) []ClassRow {
	t.Helper()
	rows, err := v.Summary(t.Context(), filter)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		rows[i].Class = 0 // a number without meaning
	}
	return rows
}

func TestAggregates(t *testing.T) {
	got := summary(t, view(t, sixNodes()), nil)
	want := []ClassRow{
		{Key: ",C", Name: "C", Count: 1, Distance: 2, Shallow: 4, Retained: 10},
		{Key: ",B", Name: "B", Count: 1, Distance: 1, Shallow: 3, Retained: 8},
		{Key: ",E", Name: "E", Count: 1, Distance: 3, Shallow: 6, Retained: 6},
		{Key: ",D", Name: "D", Count: 1, Distance: 2, Shallow: 5, Retained: 5},
		{Key: ",A", Name: "A", Count: 1, Distance: 1, Shallow: 2, Retained: 2},
	}
	if !slices.Equal(got, want) {
		t.Errorf("summary\n%v, want\n%v", got, want)
	}
}

// TestLostClasses: of two classes with one key, the place of the first and the
// numbers of the last remain.
func TestLostClasses(t *testing.T) {
	b, add := withRoot()
	add("object", "Function", 10)
	add("object", "Same", 100)
	for range 3 {
		add("closure", "f", 100)
	}
	add("object", "Last", 300)
	got := summary(t, view(t, b), nil)
	want := []ClassRow{
		// Equal retained sizes: by name.
		{Key: ",Function", Name: "Function", Count: 3, Distance: 1, Shallow: 300, Retained: 300},
		{Key: ",Last", Name: "Last", Count: 1, Distance: 1, Shallow: 300, Retained: 300},
		{Key: ",Same", Name: "Same", Count: 1, Distance: 1, Shallow: 100, Retained: 100},
	}
	if !slices.Equal(got, want) {
		t.Errorf("summary\n%v, want\n%v", got, want)
	}
	nodes, err := view(t, b).Instances(t.Context(), ",Function", nil)
	if err != nil || len(nodes) != 3 {
		t.Errorf("instances %v, %v, want the three closures", nodes, err)
	}
}

// TestRowsOfOneName keeps the order of first appearance where sizes and names
// are equal.
func TestRowsOfOneName(t *testing.T) {
	b, add := withRoot()
	for script := range 5 {
		b.Location(add("object", "Same", 8), int64(9-script), 0, 0)
	}
	for i, row := range summary(t, view(t, b), nil) {
		if want := fmt.Sprintf("%d,0,0,Same", 9-i); row.Key != want {
			t.Errorf("row %d is %s, want %s", i, row.Key, want)
		}
	}
}

func TestDistanceOfUnreachable(t *testing.T) {
	b, add := withRoot()
	add("object", "A", 8)
	b.Node("object", "A", 8) // nothing leads here
	if row := summary(t, view(t, b), nil)[0]; row.Count != 2 || row.Distance != heap.NoDistance {
		t.Errorf("row %+v, want 2 objects and no distance", row)
	}
}

func TestSummaryAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		count := rapid.IntRange(1, 60).Draw(r, "nodes")
		b := testheap.New()
		root := b.Node("synthetic", "", 0)
		parent := []heap.Node{0}
		for i := 1; i <= count; i++ {
			name := rapid.SampledFrom([]string{"A", "B", "C"}).Draw(r, "name")
			n := b.Node("object", name, uint64(rapid.IntRange(0, 3).Draw(r, "size")))
			p := heap.Node(rapid.IntRange(0, i-1).Draw(r, "parent"))
			parent = append(parent, p)
			if p == root {
				b.Edge(root, "internal", "x", n)
			} else {
				b.Edge(p, "property", "p", n)
			}
		}
		v := view(t, b)
		hidden := map[heap.Node]bool{}
		for n := range heap.Node(count + 1) {
			hidden[n] = rapid.Bool().Draw(r, "hidden")
		}
		for _, filter := range []Filter{nil, func(n heap.Node) bool { return !hidden[n] }} {
			counts := func(n heap.Node) bool {
				return v.snap.ShallowSize(n) != 0 && (filter == nil || filter(n))
			}
			retained, number := map[string]uint64{}, map[string]int{}
			for n := range heap.Node(count + 1) {
				if !counts(n) {
					continue
				}
				number[v.ClassKey(n)]++
				inside := false
				for p := n; p != root && !inside; {
					p = parent[p]
					inside = counts(p) && v.ClassKey(p) == v.ClassKey(n)
				}
				if !inside {
					retained[v.ClassKey(n)] += v.snap.RetainedSize(n)
				}
			}
			rows := summary(t, v, filter)
			if len(rows) != len(number) {
				r.Fatalf("%d rows, want %d", len(rows), len(number))
			}
			for _, row := range rows {
				if row.Retained != retained[row.Key] || row.Count != number[row.Key] {
					r.Fatalf("%+v, want retained %d, count %d", row, retained[row.Key], number[row.Key])
				}
			}
		}
	})
}
