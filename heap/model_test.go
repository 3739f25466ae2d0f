package heap_test

import (
	"bytes"
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// model is a small heap in the plainest form, for the slow reference. Node 0
// is the root.
type model struct {
	nodes           []modelNode
	hasDetachedness bool
}

type modelNode struct {
	typ, name    string
	self         uint32
	detachedness int
	edges        []modelEdge
}

type modelEdge struct {
	typ  string
	name string // of element and hidden edges its number
	to   int
}

func (m *model) id(n int) int { return 2*n + 1 }

func (e *modelEdge) numbered() bool { return e.typ == "element" || e.typ == "hidden" }

// build writes the model as a snapshot.
func (m *model) build() *testheap.Builder {
	b := testheap.New()
	if !m.hasDetachedness {
		b.Format.NodeFields = b.Format.NodeFields[:6]
	}
	for i := range m.nodes {
		n := b.Node(m.nodes[i].typ, m.nodes[i].name, uint64(m.nodes[i].self))
		b.Set(n, "detachedness", m.nodes[i].detachedness)
	}
	for i := range m.nodes {
		for _, e := range m.nodes[i].edges {
			if e.numbered() {
				var number int
				_, _ = fmt.Sscan(e.name, &number)
				b.Indexed(heap.Node(i), e.typ, number, heap.Node(e.to))
				continue
			}
			b.Edge(heap.Node(i), e.typ, e.name, heap.Node(e.to))
		}
	}
	return b
}

// open reads the model; rapid's T is no testing.TB.
func (m *model) open(t *rapid.T) *heap.Snapshot {
	s, err := heap.Read(t.Context(), bytes.NewReader(m.build().JSON()), heap.Options{})
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return s
}

// String shows the model when a test fails.
func (m *model) String() string {
	var b strings.Builder
	for i, n := range m.nodes {
		fmt.Fprintf(&b, "%d: %s %q self %d detachedness %d\n", i, n.typ, n.name, n.self, n.detachedness)
		for _, e := range n.edges {
			fmt.Fprintf(&b, "\t%s %q -> %d\n", e.typ, e.name, e.to)
		}
	}
	return b.String()
}

// drawModel draws heaps in which the rules meet often: few nodes, many edges,
// and mostly the names and types that some rule asks for.
func drawModel(t *rapid.T) *model {
	m := &model{hasDetachedness: rapid.IntRange(0, 3).Draw(t, "field") > 0}
	count := rapid.IntRange(1, 12).Draw(t, "nodes")
	m.nodes = make([]modelNode, count)
	types := rapid.SampledFrom([]string{
		"synthetic", "object", "object", "object", "hidden", "hidden", "array", "array", "native", "native", "code", "string",
	})
	names := rapid.SampledFrom([]string{
		"", "A", "A", "(Document DOM trees)", "system / NativeContext", "(map descriptors)",
		"system / ExternalStringData", "Detached B",
	})
	for i := range m.nodes {
		n := &m.nodes[i]
		n.typ, n.name = types.Draw(t, "type"), names.Draw(t, "name")
		n.self = uint32(rapid.IntRange(0, 100).Draw(t, "self"))
		if rapid.IntRange(0, 30).Draw(t, "huge") == 0 {
			n.self = 1<<32 - 5
		}
		if m.hasDetachedness && rapid.IntRange(0, 3).Draw(t, "known") == 0 {
			n.detachedness = rapid.IntRange(1, 2).Draw(t, "detachedness")
		}
	}
	if rapid.IntRange(0, 5).Draw(t, "usual root") > 0 {
		m.nodes[0].typ, m.nodes[0].name = "synthetic", ""
	}
	node := rapid.IntRange(0, count-1)
	edgeTypes := rapid.SampledFrom([]string{
		"property", "property", "internal", "element", "hidden", "context", "shortcut", "shortcut", "weak", "invisible",
	})
	edgeNames := rapid.SampledFrom([]string{"x", "sloppy_function_map", "1", "2", "4", "7b", " -4", "10"})
	for range rapid.IntRange(0, 4*count).Draw(t, "edges") {
		from := node.Draw(t, "from")
		if rapid.IntRange(0, 4).Draw(t, "of root") == 0 {
			from = 0
		}
		e := modelEdge{typ: edgeTypes.Draw(t, "edge type"), to: node.Draw(t, "to")}
		if e.numbered() {
			e.name = fmt.Sprint(rapid.IntRange(0, 8).Draw(t, "number"))
		} else {
			e.name = edgeNames.Draw(t, "edge name")
		}
		m.nodes[from].edges = append(m.nodes[from].edges, e)
	}
	for range rapid.IntRange(0, 3).Draw(t, "entries") {
		m.drawEntry(t, node)
	}
	return m
}

// drawEntry adds an entry of a WeakMap: mostly both edges, but also half ones,
// a twin of the table's, and names that do not have the shape.
func (m *model) drawEntry(t *rapid.T, node *rapid.Generator[int]) {
	table, key, value := node.Draw(t, "table"), node.Draw(t, "key"), node.Draw(t, "value")
	class := rapid.SampledFrom([]string{"K", "K", "a @1) -> value (b", "two\nlines"}).Draw(t, "class")
	pair := fmt.Sprintf(" / part of key (%s @%d) -> value (V @%d) pair in WeakMap (table @%d)",
		class, m.id(key), m.id(value), m.id(table))
	typ := rapid.SampledFrom([]string{"internal", "internal", "internal", "property"}).Draw(t, "entry type")
	for i, from := range []int{table, key, node.Draw(t, "stranger")} {
		if rapid.IntRange(0, 3).Draw(t, "side") == i {
			continue
		}
		edges := &m.nodes[from].edges
		at := rapid.IntRange(0, len(*edges)).Draw(t, "place")
		e := modelEdge{typ: typ, name: fmt.Sprint(at+1) + pair, to: value}
		if i == 2 {
			e.to = node.Draw(t, "elsewhere")
		}
		*edges = append((*edges)[:at:at], append([]modelEdge{e}, (*edges)[at:]...)...)
	}
}
