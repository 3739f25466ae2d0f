package simulate

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func graphs(t *rapid.T) Graph {
	n := rapid.IntRange(1, 12).Draw(t, "objects")
	to := rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 4)
	g := Graph{Roots: rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 3).Draw(t, "roots")}
	for range n {
		g.Out = append(g.Out, to.Draw(t, "references"))
	}
	return g
}

// paths is the slow way: lengths of shortest paths by Bellman and Ford.
func paths(g Graph) []int {
	const far = 1 << 20
	d := slices.Repeat([]int{far}, len(g.Out))
	for _, n := range g.Roots {
		d[n] = 0
	}
	for range g.Out {
		for n, out := range g.Out {
			for _, to := range out {
				d[to] = min(d[to], d[n]+1)
			}
		}
	}
	for n := range d {
		if d[n] >= far {
			d[n] = -1
		}
	}
	return d
}

func TestMarkFindsShortestPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphs(t)
		m, want := Mark(g), paths(g)
		if !slices.Equal(m.Distance, want) {
			t.Fatalf("distances %v, by paths %v", m.Distance, want)
		}
		seen := map[int]bool{}
		for d, wave := range m.Waves {
			for _, n := range wave {
				if m.Distance[n] != d || seen[n] {
					t.Fatalf("object %d at distance %d is in wave %d of %v", n, m.Distance[n], d, m.Waves)
				}
				seen[n] = true
			}
		}
		for n, d := range want {
			if slices.Contains(m.Swept, n) != (d < 0) || seen[n] != (d >= 0) {
				t.Fatalf("object %d at distance %d: waves %v, swept %v", n, d, m.Waves, m.Swept)
			}
		}
	})
}

// recount is the slow way: count again after each object that goes.
func recount(g Graph) (freed []int) {
	gone := make([]bool, len(g.Out))
	for {
		counts := make([]int, len(g.Out))
		for _, n := range g.Roots {
			counts[n]++
		}
		for n, out := range g.Out {
			for _, to := range out {
				if !gone[n] {
					counts[to]++
				}
			}
		}
		n := slices.IndexFunc(counts, func(c int) bool { return c == 0 })
		for n >= 0 && gone[n] {
			next := slices.IndexFunc(counts[n+1:], func(c int) bool { return c == 0 })
			if next < 0 {
				n = -1
			} else {
				n += next + 1
			}
		}
		if n < 0 {
			slices.Sort(freed)
			return freed
		}
		gone[n] = true
		freed = append(freed, n)
	}
}

func TestCountAgreesWithCountingAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphs(t)
		c := Count(g)
		freed := slices.Sorted(slices.Values(c.Freed))
		if want := recount(g); !slices.Equal(freed, want) {
			t.Fatalf("freed %v, counting again %v", freed, want)
		}
		both := slices.Sorted(slices.Values(slices.Concat(c.Freed, c.Leaked)))
		if swept := Mark(g).Swept; !slices.Equal(both, swept) {
			t.Fatalf("freed and leaked are %v, not reached %v", both, swept)
		}
		for _, n := range c.Leaked {
			if !leadsFromCycle(g, n) {
				t.Fatalf("object %d leaks and no cycle leads to it", n)
			}
		}
	})
}

func leadsFromCycle(g Graph, n int) bool {
	for c := range g.Out {
		if reach(g, g.Out[c], func(int) bool { return true })[c] && (c == n || reach(g, []int{c}, func(int) bool { return true })[n]) {
			return true
		}
	}
	return false
}

// Trial deletion frees exactly what start reaches and nothing outside of that
// reaches.
func TestTrialDeletion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphs(t)
		start := rapid.IntRange(0, len(g.Out)-1).Draw(t, "start")
		below := paths(Graph{Out: g.Out, Roots: []int{start}})
		outside := Graph{Out: g.Out, Roots: g.Roots}
		for n := range g.Out {
			if below[n] < 0 {
				outside.Roots = append(slices.Clone(outside.Roots), n)
			}
		}
		held := paths(outside)
		var want []int
		for n := range g.Out {
			if below[n] >= 0 && held[n] < 0 {
				want = append(want, n)
			}
		}
		if freed := TrialDeletion(g, start); !slices.Equal(freed, want) {
			t.Fatalf("trial deletion frees %v, want %v", freed, want)
		}
	})
}

func TestWhatIf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphs(t)
		from := rapid.IntRange(-1, len(g.Out)-1).Draw(t, "from")
		to := rapid.IntRange(0, len(g.Out)-1).Draw(t, "to")
		before := paths(g)
		cut := Graph{Roots: slices.Clone(g.Roots)}
		for _, out := range g.Out {
			cut.Out = append(cut.Out, slices.Clone(out))
		}
		list := &cut.Roots
		if from >= 0 {
			list = &cut.Out[from]
		}
		if i := slices.Index(*list, to); i >= 0 {
			*list = slices.Delete(*list, i, i+1)
		}
		after := paths(cut)
		var want []int
		for n := range g.Out {
			if before[n] >= 0 && after[n] < 0 {
				want = append(want, n)
			}
		}
		if gone := WhatIf(g, from, to); !slices.Equal(gone, want) {
			t.Fatalf("what if says %v, want %v", gone, want)
		}
		if !slices.Equal(paths(g), before) {
			t.Fatal("the graph was changed")
		}
	})
}

func TestCycle(t *testing.T) {
	g := Graph{Out: [][]int{{1}, {0, 2}, {}}, Roots: []int{0}}
	cut := g.Cut(-1, 0)
	if c := Count(cut); len(c.Freed) != 0 || !slices.Equal(c.Leaked, []int{0, 1, 2}) {
		t.Errorf("a counter frees %v and leaks %v", c.Freed, c.Leaked)
	}
	if freed := TrialDeletion(cut, 0); !slices.Equal(freed, []int{0, 1, 2}) {
		t.Errorf("trial deletion frees %v", freed)
	}
}
