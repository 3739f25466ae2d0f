package devtools

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

func TestNativeContext(t *testing.T) {
	b, add := withRoot()
	one := add("hidden", "system / NativeContext", 100)
	two := add("native", "Detached system / NativeContext / https://b.example", 200)
	add("hidden", "system / NativeContextual", 1)
	meta := b.Node("object shape", "system / Map", 10)
	b.Edge(meta, "internal", "native_context", one)
	shape := b.Node("object shape", "system / Map", 10)
	b.Edge(shape, "internal", "map", meta)
	fixed := b.Node("object", "Fixed", 1)
	b.Edge(fixed, "internal", "map", shape)
	b.Edge(two, "property", "fixed", fixed) // its map says otherwise
	own := b.Node("object", "Own", 2)
	b.Edge(two, "property", "own", own)
	below := b.Node("object", "Below", 4)
	b.Edge(own, "property", "below", below)
	shared := b.Node("object", "Shared", 8)
	b.Edge(below, "property", "shared", shared)
	b.Edge(fixed, "property", "shared", shared)
	belowShared := b.Node("object", "BelowShared", 16)
	b.Edge(shared, "property", "below", belowShared)
	weak := b.Node("object", "Weak", 32)
	b.Edge(one, "weak", "weak", weak)
	b.Edge(one, "shortcut", "weak", weak)
	// The second copy of a name in the string table is another name.
	copied := b.Node("object", "Copied", 64)
	b.Indexed(copied, "internal", b.String("map"), shape)
	v := view(t, b)
	for n, want := range map[heap.Node]int32{
		0: NoNativeContext, one: int32(one), two: int32(two), meta: int32(one), shape: int32(one),
		fixed: int32(one), own: int32(two), below: int32(two), shared: SharedNativeContext,
		belowShared: SharedNativeContext, weak: NoNativeContext, copied: NoNativeContext,
	} {
		if got := v.NativeContext(n); got != want {
			t.Errorf("native context of %s is %d, want %d", v.DisplayName(n), got, want)
		}
	}
	sizes := v.NativeContextSizes()
	if len(sizes.Contexts) != 2 || sizes.Contexts[0] != (NativeContextSize{one, 100 + 1 + 10 + 10}) ||
		sizes.Contexts[1] != (NativeContextSize{two, 200 + 2 + 4}) ||
		sizes.SharedSize != 8+16 || sizes.NoAttributionSize != 1+32+64 {
		t.Errorf("sizes: %+v", sizes)
	}
}

// TestNativeContextIsWhoReaches holds the attribution against its meaning:
// which contexts reach a node without passing through another fixed node.
func TestNativeContextIsWhoReaches(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 14).Draw(rt, "nodes")
		contexts := rapid.IntRange(0, min(3, n-1)).Draw(rt, "contexts")
		b := testheap.New()
		for i := range n {
			name := "x"
			if i > 0 && i <= contexts {
				name = "system / NativeContext"
			}
			b.Node("object", name, 8)
		}
		edges := map[heap.Node][]heap.Node{}
		node := rapid.IntRange(0, n-1)
		for range rapid.IntRange(0, 30).Draw(rt, "edges") {
			from, to := heap.Node(node.Draw(rt, "from")), heap.Node(node.Draw(rt, "to"))
			b.Edge(from, "property", "p", to)
			edges[from] = append(edges[from], to)
		}
		want := make([]int32, n)
		for i := range want {
			want[i] = NoNativeContext
		}
		for c := 1; c <= contexts; c++ {
			seen := map[heap.Node]bool{}
			var reach func(heap.Node)
			reach = func(at heap.Node) {
				for _, to := range edges[at] {
					if seen[to] || to >= 1 && int(to) <= contexts {
						continue
					}
					seen[to] = true
					if want[to] == NoNativeContext {
						want[to] = int32(c)
					} else {
						want[to] = SharedNativeContext
					}
					reach(to)
				}
			}
			reach(heap.Node(c))
			want[c] = int32(c)
		}
		v := view(t, b)
		for i, w := range want {
			if got := v.NativeContext(heap.Node(i)); got != w {
				rt.Fatalf("native context of %d is %d, want %d", i, got, w)
			}
		}
	})
}
