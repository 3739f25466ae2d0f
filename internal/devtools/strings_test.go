package devtools

import (
	"math"
	"slices"
	"testing"

	"github.com/plumb-dev/plumb/heap"
)

func TestDuplicateStrings(t *testing.T) {
	b, add := withRoot()
	// number hangs a number on n as V8 does: a node "int" or "bool" and its
	// value as a string without a size.
	number := func(n heap.Node, edge, kind, value string) {
		holder, text := b.Node("number", kind, 0), b.Node("string", value, 0)
		b.Edge(n, "internal", edge, holder)
		b.Edge(holder, "internal", "value", text)
	}
	cut := func(length, hash string) heap.Node {
		n := add("string", "long", 1000)
		number(n, "truncated", "bool", "true")
		if length != "" {
			number(n, "length", "int", length)
		}
		if hash != "" {
			number(n, "hash", "int", hash)
		}
		return n
	}
	small := []heap.Node{add("string", "small", 8), add("string", "small", 8)}
	whole := []heap.Node{add("string", "long", 100), add("string", "long", 100)}
	number(whole[0], "truncated", "bool", "false")
	number(whole[1], "truncated", "int", "true")
	a1 := cut("2000", "7")
	cut("2000", "8")
	bare1, a2, bare2 := cut("", ""), cut("2000", "7"), cut("", "x")
	groups := view(t, b).DuplicateStrings()
	want := []struct {
		value    string
		retained uint64
		nodes    []heap.Node
	}{
		{"long", 2000, []heap.Node{a1, a2}},
		{"long", 2000, []heap.Node{bare1, bare2}}, // neither has a number: alike
		{"long", 200, whole},
		{"small", 16, small},
	}
	if len(groups) != len(want) {
		t.Fatalf("%d groups, want %d: %+v", len(groups), len(want), groups)
	}
	for i, w := range want {
		g := groups[i]
		if g.Value != w.value || g.Retained != w.retained || g.Shallow != w.retained || !slices.Equal(g.Nodes, w.nodes) {
			t.Errorf("group %d is %+v, want %+v", i, g, w)
		}
	}
	if g := groups[0]; !g.Truncated || !g.HasLength || g.Length != 2000 || g.Hash != 7 {
		t.Errorf("group %+v, want length 2000 and hash 7", g)
	}
}

func TestLeadingInt(t *testing.T) {
	for text, want := range map[string]float64{
		"12": 12, " 12abc": 12, "-3": -3, "+4": 4, "\u00a05": 5, "1.9": 1, "0x10": 0,
		"99999999999999999999": 1e20,
		"":                     math.NaN(), "abc": math.NaN(), "-": math.NaN(), "é1": math.NaN(),
	} {
		got, ok := leadingInt(text)
		if ok == math.IsNaN(want) || ok && got != want {
			t.Errorf("%q is %v, %v, want %v", text, got, ok, want)
		}
	}
}

// TestConsTexts: chains of concatenations, as long as a program that appends
// in a loop makes them, have the texts that they have one by one.
func TestConsTexts(t *testing.T) {
	b, add := withRoot()
	part := [2]heap.Node{add("string", "ab", 8), add("string", "", 8)}
	chain := []heap.Node{part[0]}
	for i := range 6_000 {
		n := b.Node("concatenated string", "", 20)
		b.Edge(n, "internal", "first", chain[i])
		b.Edge(n, "internal", "second", part[i%2])
		chain = append(chain, n)
	}
	v := view(t, b)
	texts := newConsTexts(v)
	// From the end and from the start, the memory of the texts grows in
	// different ways.
	for _, i := range []int{5_999, 6_000, 5, 63, 64, 65, 500, 1023, 1024, 1025, 1500, 2047, 3000, 4500} {
		if got, want := texts.of(chain[i]), v.DisplayName(chain[i]); got != want {
			t.Errorf("text after %d parts has %d bytes, want %d", i, len(got), len(want))
		}
	}
	groups := v.DuplicateStrings()
	if len(groups) == 0 || len(groups[0].Value) != 1024 || len(groups[0].Nodes) < 2000 {
		t.Errorf("%d groups, the first %+.200v", len(groups), groups)
	}
}
