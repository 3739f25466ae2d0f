package dominator

import (
	"context"
	"errors"
	"math/bits"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// edge is one edge of a graph under test.
type edge struct {
	from, to uint32
	ignored  bool // counts for nothing
}

// arrange puts edges into the columns of a Graph. inside may be nil.
func arrange(nodes, root uint32, edges []edge, inside []bool) *Graph {
	edges = slices.Clone(edges)
	slices.SortStableFunc(edges, func(a, b edge) int { return int(a.from) - int(b.from) })
	g := &Graph{
		Root: root, First: make([]uint32, nodes+1),
		Inside: make(column.Bits, nodes/64+1), Shared: make(column.Bits, nodes/64+1),
		Counts: func(_, e uint32) bool { return counts(edges[e], root, inside) },
	}
	g.Sure[sureKind] = true
	for n := range nodes {
		if inside == nil || inside[n] {
			g.Inside.Add(n)
		}
	}
	seen := make(column.Bits, nodes/64+1)
	for _, e := range edges {
		if seen.Has(e.to) {
			g.Shared.Add(e.to)
		}
		seen.Add(e.to)
		g.First[e.from+1]++
		kind := uint32(sureKind)
		if e.ignored || e.from%3 == 0 { // that must be asked for
			kind++
		}
		g.Target = append(g.Target, e.to|kind<<TargetBits)
	}
	for n := range nodes {
		g.First[n+1] += g.First[n]
	}
	return g
}

const sureKind = 5

func counts(e edge, root uint32, inside []bool) bool {
	return !e.ignored && e.from != e.to && (inside == nil || !inside[e.to] || inside[e.from] || e.from == root)
}

// dominators turns a tree into the immediate dominator of each node, -1 where
// the node is not in it.
func dominators(t rapid.TB, g *Graph) []int {
	t.Helper()
	var a column.Arena
	defer a.Close()
	tree, err := Find(context.Background(), &a, g)
	if err != nil {
		t.Fatal(err)
	}
	idom := make([]int, len(g.First)-1)
	for n := range idom {
		idom[n] = -1
	}
	behind := make(column.Bits, len(idom)/64+1)
	for i, n := range tree.Order {
		if behind.Has(n) {
			t.Fatalf("node %d is twice in the tree", n)
		}
		if d := tree.Dominator[n]; i > 0 && !behind.Has(d) {
			t.Fatalf("node %d comes before its dominator %d", n, d)
		}
		behind.Add(n)
		idom[n] = int(tree.Dominator[n])
	}
	for n := range tree.Hanging.All() {
		if behind.Has(n) {
			t.Fatalf("node %d is twice in the tree", n)
		}
		idom[n] = int(tree.Dominator[n])
	}
	return idom
}

// slow finds dominators from the definition as a data flow: the set of each
// node is the intersection of its predecessors' and itself, until nothing
// changes. Sets are bits of a word: at most 64 nodes.
func slow(nodes, root uint32, edges []edge, inside []bool) []int {
	pred := make([][]uint32, nodes)
	for _, e := range edges {
		if counts(e, root, inside) {
			pred[e.to] = append(pred[e.to], e.from)
		}
	}
	reached := uint64(1) << root
	for n := range nodes {
		if len(pred[n]) == 0 && n != root {
			pred[n] = []uint32{root} // an orphan
		}
	}
	for range nodes {
		for n := range nodes {
			for _, p := range pred[n] {
				if reached>>p&1 != 0 {
					reached |= 1 << n
				}
			}
		}
	}
	sets := make([]uint64, nodes)
	for n := range sets {
		sets[n] = reached
	}
	sets[root] = 1 << root
	for changed := true; changed; {
		changed = false
		for n := range nodes {
			if n == root || reached>>n&1 == 0 {
				continue
			}
			set := reached
			for _, p := range pred[n] {
				if reached>>p&1 != 0 {
					set &= sets[p]
				}
			}
			if set |= 1 << n; set != sets[n] {
				sets[n] = set
				changed = true
			}
		}
	}
	idom := make([]int, nodes)
	for n := range nodes {
		idom[n] = -1
		for d := range nodes {
			if reached>>n&1 != 0 && sets[n]>>d&1 != 0 && d != n &&
				bits.OnesCount64(sets[d]) == bits.OnesCount64(sets[n])-1 {
				idom[n] = int(d)
			}
		}
	}
	idom[root] = int(root)
	return idom
}

func TestFindAgainstDataFlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := rapid.Uint32Range(1, 40).Draw(t, "nodes")
		node := rapid.Uint32Range(0, nodes-1)
		root := node.Draw(t, "root")
		// From sparse, with orphans and cycles that nothing reaches, to dense.
		count := rapid.IntRange(0, int(nodes)*rapid.IntRange(1, 4).Draw(t, "density")).Draw(t, "edges")
		edges := make([]edge, count)
		for i := range edges {
			edges[i] = edge{node.Draw(t, "from"), node.Draw(t, "to"), rapid.IntRange(0, 9).Draw(t, "ignored") == 0}
		}
		var inside []bool
		if rapid.Bool().Draw(t, "with an inside") {
			inside = rapid.SliceOfN(rapid.Bool(), int(nodes), int(nodes)).Draw(t, "inside")
		}
		got, want := dominators(t, arrange(nodes, root, edges, inside)), slow(nodes, root, edges, inside)
		if !slices.Equal(got, want) {
			t.Fatalf("root %d, edges %v, inside %v:\n%v, want\n%v", root, edges, inside, got, want)
		}
	})
}

// TestFindManyAgainstDataFlow tries what few graphs have: numbers whose lists of
// sources lack some, and others that depend on these.
func TestFindManyAgainstDataFlow(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		nodes := 3 + random.Uint32N(20)
		edges := make([]edge, nodes*(1+random.Uint32N(3)))
		for i := range edges {
			edges[i] = edge{from: random.Uint32N(nodes), to: random.Uint32N(nodes)}
		}
		got, want := dominators(t, arrange(nodes, 0, edges, nil)), slow(nodes, 0, edges, nil)
		if !slices.Equal(got, want) {
			t.Fatalf("edges %v:\n%v, want\n%v", edges, got, want)
		}
	}
}

func TestFind(t *testing.T) {
	const r, a, b, c, d, e = 0, 1, 2, 3, 4, 5
	for name, test := range map[string]struct {
		edges []edge
		want  []int
	}{
		// An algorithm that takes a node's first path for final says a here.
		"late second path": {
			[]edge{{from: r, to: a}, {from: r, to: d}, {from: a, to: b}, {from: a, to: c}, {from: d, to: e}, {from: e, to: b}, {from: b, to: c}},
			[]int{r, r, r, r, r, d},
		},
		"chain": {
			[]edge{{from: r, to: a}, {from: a, to: b}, {from: b, to: c}, {from: c, to: d}, {from: d, to: e}, {from: e, to: a}},
			[]int{r, r, a, b, c, d},
		},
		"irreducible": {
			[]edge{{from: r, to: a}, {from: a, to: b}, {from: a, to: c}, {from: b, to: c}, {from: c, to: b}, {from: b, to: d}, {from: c, to: d}, {from: d, to: e}},
			[]int{r, r, a, a, a, d},
		},
		"orphan": { // d is one, and its way to b counts
			[]edge{{from: r, to: a}, {from: a, to: b}, {from: d, to: b}, {from: d, to: c}, {from: c, to: e}},
			[]int{r, r, r, d, r, c},
		},
		"cut off": { // the cycle of d and e leads to b, which does not count
			[]edge{{from: r, to: a}, {from: a, to: b}, {from: a, to: c}, {from: d, to: e}, {from: e, to: d}, {from: e, to: b}},
			[]int{r, r, a, a, -1, -1},
		},
	} {
		if got := dominators(t, arrange(6, r, test.edges, nil)); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// TestFindDeep holds that a list of a million nodes neither overflows a stack
// nor takes quadratic time, whichever way its extra edges point.
func TestFindDeep(t *testing.T) {
	const n = 1_000_000
	var edges []edge
	for i := uint32(0); i+1 < n; i++ {
		edges = append(edges, edge{from: i, to: i + 1})
		if i > 0 && i%3 == 0 {
			edges = append(edges, edge{from: i, to: i / 2}, edge{from: i, to: 1}) // back
		}
	}
	for v, d := range dominators(t, arrange(n, 0, edges, nil)) {
		if want := max(v-1, 0); d != want {
			t.Fatalf("node %d has the dominator %d, want %d", v, d, want)
		}
	}
}

// TestFindFrees: of all columns only the tree's are left, and they are in use.
func TestFindFrees(t *testing.T) {
	const n = 2_500_000 // a set of so many is a column
	var edges []edge
	for i := uint32(0); i+2 < n; i += 2 {
		// A list, a node that hangs on each of its, and edges back.
		edges = append(edges, edge{from: i, to: i + 2}, edge{from: i, to: i + 1}, edge{from: i + 1, to: i / 4 * 2})
	}
	g := arrange(n, 0, edges, nil)
	var a column.Arena
	defer a.Close()
	tree, err := Find(t.Context(), &a, g)
	if err != nil {
		t.Fatal(err)
	}
	most := int64(4*cap(tree.Dominator) + 4*n + 8*len(tree.Hanging) + 3*os.Getpagesize())
	if live := a.Live(); live > most || live < most-6*int64(os.Getpagesize()) {
		t.Errorf("%d bytes of columns are left, the tree has %d", live, most)
	}
	for v := uint32(2); v < n-10; v++ { // the end of the list hangs as well
		if want := v - 2 + v%2; tree.Dominator[v] != want || tree.Hanging.Has(v) != (v%2 == 1) {
			t.Fatalf("node %d has the dominator %d, want %d, hanging %t", v, tree.Dominator[v], want, tree.Hanging.Has(v))
		}
	}
}

func TestFindCanceled(t *testing.T) {
	const n = 1<<20 + 10
	var edges []edge
	for i := uint32(1); i < n; i++ {
		edges = append(edges, edge{from: 0, to: i})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var a column.Arena
	defer a.Close()
	if _, err := Find(ctx, &a, arrange(n, 0, edges, nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}
