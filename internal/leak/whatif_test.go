package leak

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// TestWhatIfTwo holds that two owners free together what neither frees alone.
func TestWhatIfTwo(t *testing.T) {
	b := testheap.New()
	root, one, two := b.Node("synthetic", "", 0), b.Node("object", "One", 10), b.Node("object", "Two", 10)
	shared := b.Node("object", "Shared", 100)
	b.Element(root, 1, one)
	b.Element(root, 2, two)
	b.Edge(one, "property", "x", shared)
	b.Edge(two, "property", "x", shared)
	s := b.Open(t)
	for _, tt := range []struct {
		nodes []heap.Node
		want  uint64
	}{{[]heap.Node{one}, 10}, {[]heap.Node{two}, 10}, {[]heap.Node{one, two}, 120}} {
		freed, err := WhatIf(t.Context(), s, tt.nodes, nil)
		if err != nil {
			t.Fatal(err)
		}
		if freed.Bytes != tt.want {
			t.Errorf("without %v: %d bytes, want %d", tt.nodes, freed.Bytes, tt.want)
		}
	}
}

// TestWhatIfElement holds that to drop an element is to drop it from the
// store behind the array too.
func TestWhatIfElement(t *testing.T) {
	b := testheap.New()
	root, array := b.Node("synthetic", "", 0), b.Node("object", "Array", 16)
	store, item := b.Node("array", "(object elements)", 24), b.Node("object", "Item", 100)
	b.Element(root, 1, array)
	b.Element(array, 0, item)
	b.Edge(array, "internal", "elements", store)
	b.Edge(store, "internal", "0", item)
	s := b.Open(t)
	first, _ := s.Edges(array)
	freed, err := WhatIf(t.Context(), s, nil, []heap.Edge{first})
	if err != nil {
		t.Fatal(err)
	}
	if freed.Bytes != 100 || freed.Objects != 1 {
		t.Errorf("%d bytes of %d objects, want 100 of 1", freed.Bytes, freed.Objects)
	}
}

// TestWhatIfIsRetainedSize holds that without one object exactly its retained
// size goes, by the dominator tree, on any graph.
func TestWhatIfIsRetainedSize(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := testheap.New()
		n := rapid.IntRange(2, 20).Draw(rt, "nodes")
		b.Node("synthetic", "", 0)
		for i := 1; i < n; i++ {
			b.Node("object", "Thing", uint64(1)<<i)
			// Everything is reached: DevTools' dominators take an object that
			// nothing keeps for a root, the collector does not.
			b.Edge(heap.Node(rapid.IntRange(0, i-1).Draw(rt, "parent")), "property", "made", heap.Node(i))
		}
		for i := range rapid.IntRange(0, 30).Draw(rt, "edges") {
			from, to := rapid.IntRange(0, n-1).Draw(rt, "from"), rapid.IntRange(1, n-1).Draw(rt, "to")
			b.Edge(heap.Node(from), rapid.SampledFrom([]string{"property", "internal", "weak"}).Draw(rt, "type"), string(rune('a'+i%26)), heap.Node(to))
		}
		s := b.Open(t)
		for i := 1; i < n; i++ {
			freed, err := WhatIf(t.Context(), s, []heap.Node{heap.Node(i)}, nil)
			if err != nil {
				rt.Fatal(err)
			}
			if want := s.RetainedSize(heap.Node(i)); freed.Bytes != want {
				rt.Fatalf("without node %d: %d bytes, want its retained size %d", i, freed.Bytes, want)
			}
		}
	})
}

// TestWhatIfWeakMap holds that a WeakMap's value goes with its key, and that a
// weak reference keeps nothing.
func TestWhatIfWeakMap(t *testing.T) {
	b := testheap.New()
	root, key := b.Node("synthetic", "", 0), b.Node("object", "Key", 10)
	table, value := b.Node("array", "system / EphemeronHashTable", 20), b.Node("object", "Value", 100)
	b.Element(root, 1, key)
	b.Element(root, 2, table)
	b.Ephemeron(table, key, value)
	b.Edge(table, "weak", "w", value)
	freed, err := WhatIf(t.Context(), b.Open(t), []heap.Node{key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if freed.Bytes != 110 {
		t.Errorf("%d bytes, want the key's and the value's 110", freed.Bytes)
	}
}
