package devtools

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
	"github.com/plumb-dev/plumb/internal/testheap"
)

func retaining(t testing.TB, v *View, ignore ...heap.Node) *Retaining {
	t.Helper()
	r, err := v.Retaining(t.Context(), ignore...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// retainerText writes rows as "edge in name:distance(rows below)", a cycle
// with *, an ignored row with !.
func retainerText(v *View, rows []Retainer) string {
	var out []string
	for _, r := range rows {
		row := fmt.Sprintf("%s in %s:%d", v.snap.EdgeName(r.Edge), v.DisplayName(r.Node), r.Distance)
		if r.Cycle {
			row += "*"
		}
		if r.Ignored {
			row += "!"
		}
		if len(r.Retainers) > 0 {
			row += "(" + retainerText(v, r.Retainers) + ")"
		}
		out = append(out, row)
	}
	return strings.Join(out, ", ")
}

// TestRetainers is DevTools' own test, with the order of its grid.
func TestRetainers(t *testing.T) {
	v := view(t, sixNodes())
	r := retaining(t, v)
	for n, want := range map[heap.Node]string{
		1: "",
		2: "1 in A:1",
		3: "ac in A:1, bc in B:1(1 in A:1)",
		5: "ce in C:2(ac in A:1, bc in B:1(1 in A:1))",
	} {
		if got := retainerText(v, r.Tree(n, 3)); got != want {
			t.Errorf("retainers of node %d: %s, want %s", n, got, want)
		}
	}
}

func TestRetainerOrder(t *testing.T) {
	b, add := withRoot()
	global := add("object", "global", 8)
	target := b.Node("object", "Target", 8)
	far, private, emoji := b.Node("object", "A far", 8), b.Node("object", "\uFF5E", 8), b.Node("object", "\U0001F600", 8)
	b.Edge(global, "property", "p", private)
	b.Edge(global, "property", "e", emoji)
	b.Edge(private, "property", "f", far)
	for _, from := range []heap.Node{far, private, emoji} {
		b.Edge(from, "property", "x", target)
		b.Edge(from, "property", "y", target)
		b.Edge(from, "weak", "w", target)
	}
	b.Edge(0, "internal", "root's", target)
	v := view(t, b)
	// By distance; then by name in UTF-16 (D83D before FF5E); then the later
	// edge first. No weak edges, none from the root.
	want := "y in \U0001F600:2, x in \U0001F600:2, y in \uFF5E:2, x in \uFF5E:2, y in A far:3, x in A far:3"
	if got := retainerText(v, retaining(t, v).Rows(target)); got != want {
		t.Errorf("retainers: %s\nwant %s", got, want)
	}
	r, skip := retaining(t, v), map[heap.Node]bool{}
	for _, want := range []heap.Node{emoji, private, far} {
		if got, ok := r.Nearest(target, skip); !ok || got.Node != want || v.Snapshot().EdgeName(got.Edge) != "y" {
			t.Errorf("nearest but for %v: %+v, want node %d by y", skip, got, want)
		}
		skip[want] = true
	}
	if got, ok := r.Nearest(target, skip); ok {
		t.Errorf("nearest of none: %+v", got)
	}
}

func TestRetainerCycle(t *testing.T) {
	b, add := withRoot()
	a := add("object", "A", 8)
	c := b.Node("object", "C", 8)
	d := b.Node("object", "D", 8)
	b.Edge(a, "property", "c", c)
	b.Edge(c, "property", "d", d)
	b.Edge(d, "property", "back", c)
	v := view(t, b)
	r := retaining(t, v)
	want := "c in A:1, back in D:3(d in C:2*)"
	if got := retainerText(v, r.Tree(c, 5)); got != want {
		t.Errorf("tree: %s, want %s", got, want)
	}
	want = "d in C:2(c in A:1, back in D:3*)"
	if got := retainerText(v, r.Expanded(d)); got != want {
		t.Errorf("expanded: %s, want %s", got, want)
	}
}

func TestExpandedStops(t *testing.T) {
	b, add := withRoot()
	last := add("object", "N0", 8)
	for i := range 30 {
		next := b.Node("object", fmt.Sprint("N", i+1), 8)
		b.Edge(last, "property", "next", next)
		last = next
	}
	v := view(t, b)
	levels := 0
	for rows := retaining(t, v).Expanded(last); len(rows) > 0; rows = rows[0].Retainers {
		levels++
	}
	if levels != 20 {
		t.Errorf("%d levels are open, want 20", levels)
	}
}

// TestIgnoredRetainer: what only an ignored object keeps alive moves to the
// end, and the key's half of a WeakMap entry goes with the table's.
func TestIgnoredRetainer(t *testing.T) {
	b, add := withRoot()
	global := add("object", "global", 8)
	node := func(name string, from heap.Node) heap.Node {
		n := b.Node("object", name, 8)
		b.Edge(from, "property", "p", n)
		return n
	}
	holder := node("Holder", global)
	key := node("Key", global)
	table := node("WeakMap", holder)
	value := b.Node("object", "Value", 8)
	b.Ephemeron(table, key, value)
	other := node("Other", holder)
	b.Edge(other, "property", "v", value)
	direct := node("Direct", global)
	b.Edge(direct, "property", "v", value)
	v := view(t, b)
	names := func(rows []Retainer) string {
		var out []string
		for _, r := range rows {
			out = append(out, fmt.Sprintf("%s:%d", v.DisplayName(r.Node), r.Distance))
		}
		return strings.Join(out, " ")
	}
	if got, want := names(retaining(t, v).Rows(value)), "Direct:2 Key:2 Other:3 WeakMap:3"; got != want {
		t.Errorf("retainers: %s, want %s", got, want)
	}
	r := retaining(t, v, holder)
	if got, want := names(r.Rows(value)), "Direct:2 Key:200000000 WeakMap:200000000 Other:200000003"; got != want {
		t.Errorf("without the holder: %s, want %s", got, want)
	}
	if rows := r.Rows(table); len(rows) != 1 || !rows[0].Ignored || rows[0].Distance != UnreachableDistance+2 {
		t.Errorf("row of the ignored object: %+v", rows)
	}
	if rows := r.Expanded(table); len(rows[0].Retainers) != 0 {
		t.Errorf("an unreachable row was opened: %+v", rows)
	}
	// What is left of the paths leads through Direct, by the global object.
	if got, want := pathText(v, r.Paths(value, DefaultPathLimits()).Paths), "v in Direct:2"; got != want {
		t.Errorf("paths: %s, want %s", got, want)
	}
}

// TestRetainersAreEdges: the rows of all nodes are the edges of the graph that
// retain, each once, in order.
func TestRetainersAreEdges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		v := view(t, randomGraph(rt))
		s := v.snap
		r := retaining(t, v)
		seen := map[heap.Edge]bool{}
		for i := range s.NodeCount() {
			n := heap.Node(i)
			rows := r.Rows(n)
			for _, row := range rows {
				if s.EdgeTarget(row.Edge) != n || s.EdgeSource(row.Edge) != row.Node || seen[row.Edge] {
					rt.Fatalf("row of edge %d is wrong: %+v", row.Edge, row)
				}
				seen[row.Edge] = true
			}
			if !slices.IsSortedFunc(rows, func(a, b Retainer) int {
				if a.Distance != b.Distance {
					return int(a.Distance) - int(b.Distance)
				}
				if c := wtf8.Compare(v.DisplayName(a.Node), v.DisplayName(b.Node)); c != 0 {
					return c
				}
				return int(b.Edge) - int(a.Edge)
			}) {
				rt.Fatalf("rows of node %d are not in order: %+v", n, rows)
			}
		}
		for i := range s.EdgeCount() {
			e := heap.Edge(i)
			if want := s.EdgeType(e) != heap.WeakEdge && s.EdgeSource(e) != s.Root(); seen[e] != want {
				rt.Fatalf("edge %d shown %v, want %v", e, seen[e], want)
			}
		}
	})
}

// randomGraph has up to 12 nodes and 40 edges of all kinds.
func randomGraph(t *rapid.T) *testheap.Builder {
	b := testheap.New()
	n := rapid.IntRange(1, 12).Draw(t, "nodes")
	types := []string{"object", "hidden", "array", "native", "closure", "synthetic"}
	for i := range n {
		typ := "synthetic"
		if i > 0 {
			typ = rapid.SampledFrom(types).Draw(t, "type")
		}
		b.Node(typ, rapid.SampledFrom([]string{"", "A", "B", "\U0001F600", "\uFF5E"}).Draw(t, "name"), uint64(rapid.IntRange(0, 3).Draw(t, "size")))
	}
	node := rapid.IntRange(0, n-1)
	for range rapid.IntRange(0, 40).Draw(t, "edges") {
		from, to := heap.Node(node.Draw(t, "from")), heap.Node(node.Draw(t, "to"))
		switch typ := rapid.SampledFrom([]string{"property", "internal", "weak", "shortcut", "context", "element"}).Draw(t, "edge"); typ {
		case "element":
			b.Element(from, rapid.IntRange(0, 20).Draw(t, "index"), to)
		default:
			b.Edge(from, typ, rapid.SampledFrom([]string{"a", "b", "__proto__", "9", "10x"}).Draw(t, "edge name"), to)
		}
	}
	return b
}
