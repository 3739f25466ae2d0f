package heap_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// letters is the graph on which DevTools tests its engine:
//
//	root -> A -> B -> D
//	root -> B    A -> C -> E
//	             B -> C
func letters() (b *testheap.Builder, root, a, bb, c, d, e heap.Node) {
	b = testheap.New()
	root = b.Node("hidden", "", 0)
	a, bb, c = b.Node("object", "A", 2), b.Node("object", "B", 3), b.Node("object", "C", 4)
	d, e = b.Node("object", "D", 5), b.Node("object", "E", 6)
	b.Edge(root, "property", "a", a)
	b.Edge(root, "property", "b", bb)
	b.Element(a, 1, bb)
	b.Edge(a, "property", "ac", c)
	b.Edge(bb, "property", "bc", c)
	b.Edge(bb, "property", "bd", d)
	b.Edge(c, "property", "ce", e)
	return b, root, a, bb, c, d, e
}

// TestLetters asks DevTools' questions about its graph.
func TestLetters(t *testing.T) {
	builder, root, a, b, c, d, e := letters()
	s := builder.Open(t)
	nodes := []heap.Node{root, a, b, c, d, e}
	columns := map[string]struct{ got, want any }{
		"retained sizes": {each(nodes, s.RetainedSize), []uint64{20, 2, 8, 10, 5, 6}},
		"dominators":     {each(nodes, s.Dominator), []heap.Node{root, root, root, root, b, c}},
		"distances":      {each(nodes, s.Distance), []int32{heap.SystemDistance, 1, 1, 2, 2, 3}},
		"dominated":      {each(nodes, s.Dominated), [][]heap.Node{{c, b, a}, {}, {d}, {e}, {}, {}}},
		"retainers of C": {retainers(s, c), []string{"bc of 2", "ac of 1"}},
		"retainers of B": {retainers(s, b), []string{"1 of 1", "b of 0"}},
		"retainers of A": {retainers(s, a), []string{"a of 0"}},
		"no retainers":   {retainers(s, root), []string(nil)},
		"total size":     {s.TotalSize(), uint64(20)},
		"counts":         {[]int{s.NodeCount(), s.EdgeCount(), s.RetainerCount(c)}, []int{6, 7, 2}},
	}
	for name, column := range columns {
		if diff := cmp.Diff(column.want, column.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func each[T any](nodes []heap.Node, of func(heap.Node) T) []T {
	var all []T
	for _, n := range nodes {
		all = append(all, of(n))
	}
	return all
}

func retainers(s *heap.Snapshot, n heap.Node) (list []string) {
	for e, from := range s.Retainers(n) {
		list = append(list, fmt.Sprintf("%s of %d", s.EdgeName(e), from))
	}
	return list
}

// TestLargeSizes: sums do not end at 2^32.
func TestLargeSizes(t *testing.T) {
	b := testheap.New()
	last := b.Node("object", "", 1e9)
	for range 5 {
		next := b.Node("object", "", 1e9)
		b.Edge(last, "property", "next", next)
		last = next
	}
	s := b.Open(t)
	for i, want := range []uint64{6e9, 5e9, 4e9, 3e9, 2e9, 1e9} {
		if got := s.RetainedSize(heap.Node(i)); got != want {
			t.Errorf("node %d retains %d, want %d", i, got, want)
		}
	}
}

// TestPageObjects: what the debugger holds is no page object, and holding one
// does not make the debugger its dominator.
func TestPageObjects(t *testing.T) {
	b := testheap.New()
	root := b.Node("synthetic", "", 0)
	debugger := b.Node("object", "Debugger", 1)
	window := b.Node("object", "Window", 2)
	page := b.Node("object", "page object", 4)
	other := b.Node("object", "debugger object", 8)
	b.Element(root, 0, debugger)
	b.Edge(root, "shortcut", "0", window)
	b.Edge(debugger, "property", "page", page)
	b.Edge(debugger, "property", "own", other)
	b.Edge(window, "property", "page", page)
	s := b.Open(t)
	nodes := []heap.Node{root, debugger, window, page, other}
	flags := each(nodes, func(n heap.Node) heap.Flags { return s.Flags(n) & heap.PageObject })
	if diff := cmp.Diff([]heap.Flags{0, 0, heap.PageObject, heap.PageObject, 0}, flags); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]uint64{15, 9, 6, 4, 8}, each(nodes, s.RetainedSize)); diff != "" {
		t.Error(diff)
	}
	if got := s.Dominator(page); got != window {
		t.Errorf("the page object's dominator is %d, want %d", got, window)
	}
}

// TestCanBeQueried: only names that a program can use make an object one that
// the console can ask for.
func TestCanBeQueried(t *testing.T) {
	b := testheap.New()
	root := b.Node("synthetic", "", 0)
	system := b.Node("synthetic", "(system)", 0)
	window := b.Node("object", "Window", 2)
	b.Edge(root, "shortcut", "window", window)
	b.Edge(root, "property", "system", system)
	types := []string{"property", "element", "context", "shortcut", "hidden", "internal", "weak", "invisible"}
	var below []heap.Node
	for _, typ := range types {
		n := b.Node("object", typ, 1)
		if typ == "element" || typ == "hidden" {
			b.Indexed(window, typ, 1, n)
		} else {
			b.Edge(window, typ, "x", n)
		}
		below = append(below, b.Node("object", typ+" below", 1))
		b.Edge(n, "property", "below", below[len(below)-1])
	}
	s := b.Open(t)
	for i, typ := range types {
		if got := s.Flags(below[i])&heap.CanBeQueried != 0; got != (i < 4) {
			t.Errorf("behind an edge of type %s: %v", typ, got)
		}
	}
	if s.Flags(system)&heap.CanBeQueried != 0 {
		t.Error("the system can be queried")
	}
}

// TestNodeByID finds nodes of any size, and of twins the first.
func TestNodeByID(t *testing.T) {
	b := testheap.New()
	b.Node("synthetic", "", 0)
	b.Node("object", "empty", 0)
	b.Set(b.Node("native", "even", 8), "id", 1<<31)
	b.Set(b.Node("object", "twin", 8), "id", 3)
	s := b.Open(t)
	for id, want := range map[uint64]int{1: 0, 3: 1, 1 << 31: 2, 2: -1, 0: -1, 1<<32 + 1: -1} {
		got, ok := s.NodeByID(id)
		if ok != (want >= 0) || ok && got != heap.Node(want) {
			t.Errorf("id %d: node %d, %v; want %d", id, got, ok, want)
		}
	}
}

// TestDetached: states spread over native nodes, attached wins, and what is
// detached is called so.
func TestDetached(t *testing.T) {
	b := testheap.New()
	root := b.Node("synthetic", "", 0)
	document := b.Node("native", "Document", 8)
	inDocument := b.Node("native", "<p>", 8)
	tree := b.Node("native", "<div>", 8)
	child := b.Node("native", "<b>", 8)
	shared := b.Node("native", "<i>", 8) // in both
	wrapper := b.Node("object", "HTMLElement", 8)
	behind := b.Node("native", "<u>", 8) // only behind the wrapper
	weakly := b.Node("native", "<s>", 8)
	own := b.Node("native", "<a>", 8) // detached by itself, in the document
	b.Set(document, "detachedness", 1)
	b.Set(tree, "detachedness", 2)
	b.Set(wrapper, "detachedness", 2)
	b.Set(own, "detachedness", 2)
	for _, e := range [][2]heap.Node{
		{root, document},
		{root, tree},
		{document, inDocument},
		{document, shared},
		{document, own},
		{tree, child},
		{child, shared},
		{tree, wrapper},
		{wrapper, behind},
	} {
		b.Edge(e[0], "internal", "child", e[1])
	}
	b.Edge(tree, "weak", "child", weakly)
	s := b.Open(t)
	for _, test := range []struct {
		node  heap.Node
		state heap.Detachedness
		name  string
		flag  bool
	}{
		{root, 0, "", false},
		{document, heap.Attached, "Document", false},
		{inDocument, heap.Attached, "<p>", false},
		{tree, heap.Detached, "Detached <div>", true},
		{child, heap.Detached, "Detached <b>", true},
		{shared, heap.Attached, "<i>", false},
		{wrapper, heap.Detached, "HTMLElement", false}, // no native node: as in the file
		{behind, heap.DetachednessUnknown, "<u>", false},
		{weakly, heap.DetachednessUnknown, "<s>", false},
		{own, heap.Detached, "Detached <a>", true},
	} {
		if got := s.Detachedness(test.node); got != test.state {
			t.Errorf("%s: detachedness %d, want %d", test.name, got, test.state)
		}
		if got := s.Name(test.node); got != test.name {
			t.Errorf("name %q, want %q", got, test.name)
		}
		if got := s.Flags(test.node)&heap.DetachedDOM != 0; got != test.flag {
			t.Errorf("%s: flag %v, want %v", test.name, got, test.flag)
		}
	}
}

// TestOwnedSizes: the arrays behind an object count as its own.
func TestOwnedSizes(t *testing.T) {
	b := testheap.New()
	root := b.Node("synthetic", "", 0)
	m := b.Node("object", "Map", 32)
	table := b.Node("array", "", 100)
	inner := b.Node("hidden", "system / Inner", 10)
	shared := b.Node("array", "", 1000) // of the map and of another
	other := b.Node("object", "Other", 16)
	text := b.Node("string", "external", 24)
	data := b.Node("native", "system / ExternalStringData", 5000)
	native := b.Node("native", "Buffer", 7)
	global := b.Node("array", "of the root", 3)
	b.Edge(root, "property", "m", m)
	b.Edge(root, "property", "other", other)
	b.Edge(root, "property", "text", text)
	b.Edge(root, "internal", "global", global)
	b.Edge(m, "internal", "table", table)
	b.Element(table, 0, inner)
	b.Element(inner, 0, shared)
	b.Edge(other, "internal", "elements", shared)
	b.Edge(text, "internal", "data", data)
	b.Edge(text, "internal", "native", native)
	s := b.Open(t)
	want := []uint64{0, 142, 0, 0, 1000, 16, 5024, 0, 7, 3}
	nodes := []heap.Node{root, m, table, inner, shared, other, text, data, native, global}
	if diff := cmp.Diff(want, each(nodes, s.ShallowSize)); diff != "" {
		t.Error(diff)
	}
	if got := s.RetainedSize(root); got != 6192 {
		t.Errorf("the root retains %d", got)
	}
}

// TestOwnedByRoot: the root takes no sizes, of whatever type it is.
func TestOwnedByRoot(t *testing.T) {
	b := testheap.New()
	root := b.Node("object", "", 5)
	array := b.Node("array", "", 7)
	b.Edge(root, "property", "a", array)
	b.Edge(root, "property", "b", b.Node("object", "B", 1))
	if s := b.Open(t); s.ShallowSize(root) != 5 || s.ShallowSize(array) != 7 {
		t.Errorf("root %d, array %d", s.ShallowSize(root), s.ShallowSize(array))
	}
}

// TestSkippedEdges: what does not count for distances.
func TestSkippedEdges(t *testing.T) {
	b := testheap.New()
	root := b.Node("synthetic", "", 0)
	context := b.Node("hidden", "system / NativeContext", 0)
	descriptors := b.Node("array", "(map descriptors)", 0)
	plain := b.Node("array", "", 0)
	for _, n := range []heap.Node{context, descriptors, plain} {
		b.Edge(root, "property", "x", n)
	}
	reached := map[heap.Node]bool{}
	target := func(want bool) heap.Node {
		n := b.Node("object", fmt.Sprint(len(reached)), 1)
		reached[n] = want
		return n
	}
	b.Edge(context, "internal", "sloppy_function_map", target(false))
	b.Edge(context, "internal", "strict_function_map", target(true))
	b.Edge(plain, "internal", "sloppy_function_map", target(true))
	for i := range 11 {
		b.Element(descriptors, i, target(i != 4 && i != 7 && i != 10))
		b.Element(plain, i, target(true))
	}
	for name, want := range map[string]bool{"4": false, "7up": false, " +10": false, "-2": true, "x4": true, "1": true, "400000000000000000000001": true} {
		b.Edge(descriptors, "internal", name, target(want))
	}
	s := b.Open(t)
	for n, want := range reached {
		if got := s.Distance(n) == 2; got != want {
			t.Errorf("node %d: distance %d", n, s.Distance(n))
		}
	}
}

// TestWeakMap: an entry's value belongs to its key, and is as far as the
// farther of table and key.
func TestWeakMap(t *testing.T) {
	b := testheap.New()
	root := b.Node("synthetic", "", 0)
	global := b.Node("object", "global", 0)
	table := b.Node("array", "WeakMap table", 0)
	holder := b.Node("object", "Holder", 0)
	key := b.Node("object", "Key", 8)
	value := b.Node("object", "Value", 100)
	b.Edge(root, "shortcut", "global", global)
	b.Edge(global, "internal", "table", table)
	b.Edge(global, "property", "holder", holder)
	b.Edge(holder, "property", "key", key)
	b.Ephemeron(table, key, value)
	s := b.Open(t)
	if s.Dominator(value) != key || s.RetainedSize(key) != 108 || s.Distance(value) != 4 {
		t.Errorf("dominator %d, key retains %d, distance %d", s.Dominator(value), s.RetainedSize(key), s.Distance(value))
	}
	first, _ := s.Edges(key)
	if entry, ok := s.Ephemeron(first); !ok || entry.Table != s.ID(table) {
		t.Errorf("entry %+v %v", entry, ok)
	}
}

// TestEntriesAlternate: of many edges with the name of one entry the second, the
// fourth and so on count, whatever they lead to.
func TestEntriesAlternate(t *testing.T) {
	b := testheap.New()
	root := b.Node("synthetic", "", 0)
	global := b.Node("object", "global", 8)
	b.Edge(root, "shortcut", "global", global)
	var values []heap.Node
	for i := range 5 {
		values = append(values, b.Node("object", "Value", 8))
		b.Edge(global, "internal", fmt.Sprint(i, " / part of key (K @77) -> value (V @78) pair in WeakMap (table @79)"), values[i])
	}
	want := []int32{heap.NoDistance, 2, heap.NoDistance, 2, heap.NoDistance}
	if diff := cmp.Diff(want, each(values, b.Open(t).Distance)); diff != "" {
		t.Error(diff)
	}
}

// TestDistancesTwice: a user root with two edges from the root is walked twice,
// so a WeakMap's value is found from the key alone. (The root is no table, but
// only the root comes last.)
func TestDistancesTwice(t *testing.T) {
	for edges, want := range map[int]int32{1: heap.SystemDistance + 1, 2: 2} {
		b := testheap.New()
		root := b.Node("synthetic", "", 0)
		key := b.Node("object", "Key", 8)
		value := b.Node("synthetic", "Value", 8)
		b.Ephemeron(root, key, value)
		for i := range edges {
			b.Element(root, i, key)
		}
		if got := b.Open(t).Distance(value); got != want {
			t.Errorf("with %d edges the distance is %d, want %d", edges, got, want)
		}
	}
}

// TestUnreachable: a chain and a ring that nothing holds.
func TestUnreachable(t *testing.T) {
	b, root, _, _, c, _, e := letters()
	orphan, child := b.Node("object", "orphan", 10), b.Node("object", "child", 20)
	b.Edge(orphan, "property", "child", child)
	b.Edge(c, "weak", "orphan", orphan)
	left, right := b.Node("object", "left", 100), b.Node("object", "right", 200)
	b.Edge(left, "property", "right", right)
	b.Edge(right, "property", "left", left)
	b.Edge(right, "property", "e", e) // does not take E from C
	s := b.Open(t)
	nodes := []heap.Node{root, c, e, orphan, child, left, right}
	if diff := cmp.Diff([]heap.Node{root, root, c, root, orphan, root, root}, each(nodes, s.Dominator)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]uint64{350, 10, 6, 30, 20, 100, 200}, each(nodes, s.RetainedSize)); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(each(nodes[3:], s.Distance), []int32{-5, -5, -5, -5}) {
		t.Error(each(nodes[3:], s.Distance))
	}
}
