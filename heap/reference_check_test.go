package heap_test

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/heap"
)

// TestReference compares every number of every node with the slow reference.
func TestReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		want := refer(m)
		s := m.open(t)
		defer s.Close()
		for i := range m.nodes {
			n := heap.Node(i)
			same(t, m, i, "name", s.Name(n), want.names[i])
			same(t, m, i, "type", s.TypeName(n), m.nodes[i].typ)
			same(t, m, i, "id", s.ID(n), uint64(m.id(i)))
			same(t, m, i, "detachedness", int(s.Detachedness(n)), want.detachedness[i])
			same(t, m, i, "shallow size", s.ShallowSize(n), uint64(want.self[i]))
			same(t, m, i, "distance", s.Distance(n), want.distance[i])
			same(t, m, i, "dominator", int(s.Dominator(n)), want.dominator[i])
			same(t, m, i, "retained size", s.RetainedSize(n), want.retained[i])
			flags := heap.Flags(0)
			if want.queried[i] {
				flags |= heap.CanBeQueried
			}
			if want.detachedness[i] == 2 && m.nodes[i].typ == "native" {
				flags |= heap.DetachedDOM
			}
			if want.inside[i] {
				flags |= heap.PageObject
			}
			same(t, m, i, "flags", s.Flags(n), flags)
			var dominated []heap.Node
			for j := len(m.nodes) - 1; j > 0; j-- {
				if want.dominator[j] == i {
					dominated = append(dominated, heap.Node(j))
				}
			}
			if got := s.Dominated(n); !slices.Equal(got, dominated) {
				t.Fatalf("node %d dominates %v, want %v\n%s", i, got, dominated, m)
			}
		}
		same(t, m, 0, "total size", s.TotalSize(), want.retained[0])
	})
}

// TestReferenceEdges compares every edge, and the retainers with a scan of all
// edges from the last to the first.
func TestReferenceEdges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		s := m.open(t)
		defer s.Close()
		var sources []int
		for i := range m.nodes {
			first, end := s.Edges(heap.Node(i))
			same(t, m, i, "first edge", int(first), len(sources))
			same(t, m, i, "edge count", int(end-first), len(m.nodes[i].edges))
			for k, e := range m.nodes[i].edges {
				sources = append(sources, i)
				got := first + heap.Edge(k)
				same(t, m, i, "edge type", s.EdgeTypeName(got), e.typ)
				same(t, m, i, "edge target", int(s.EdgeTarget(got)), e.to)
				same(t, m, i, "edge source", int(s.EdgeSource(got)), i)
				name, text := e.name, !e.numbered()
				if number, ok := leading(name); ok && e.typ == "shortcut" {
					name, text = strconv.Itoa(number), false
				}
				same(t, m, i, "edge name", s.EdgeName(got), name)
				same(t, m, i, "edge has a text name", s.EdgeHasStringName(got), text)
				pair, table, ok := e.entry()
				entry, isEntry := s.Ephemeron(got)
				same(t, m, i, "entry", isEntry, ok)
				same(t, m, i, "entry's pair", entry, heap.Ephemeron{Pair: pair, Table: uint64(table)})
			}
		}
		same(t, m, 0, "edges", s.EdgeCount(), len(sources))
		for i := range m.nodes {
			type retainer struct {
				edge heap.Edge
				from heap.Node
			}
			var got, want []retainer
			for e, from := range s.Retainers(heap.Node(i)) {
				got = append(got, retainer{e, from})
			}
			for e := len(sources) - 1; e >= 0; e-- {
				if s.EdgeTarget(heap.Edge(e)) == heap.Node(i) {
					want = append(want, retainer{heap.Edge(e), heap.Node(sources[e])})
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("retainers of %d: %v, want %v\n%s", i, got, want, m)
			}
			same(t, m, i, "retainer count", s.RetainerCount(heap.Node(i)), len(want))
			for range s.Retainers(heap.Node(i)) {
				break // an early stop is fine
			}
		}
	})
}

// TestReferenceIgnoring compares the distances around ignored nodes.
func TestReferenceIgnoring(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		s := m.open(t)
		defer s.Close()
		asked, nodes := map[heap.Node]bool{}, map[int]bool{}
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, len(m.nodes)-1), 1, 3).Draw(t, "ignored") {
			asked[heap.Node(n)], nodes[n] = true, true
		}
		got, err := s.DistancesIgnoring(t.Context(), asked)
		if err != nil {
			t.Fatal(err)
		}
		if want := refer(m).distances(nodes); !slices.Equal(got, want) {
			t.Fatalf("distances without %v: %v, want %v\n%s", nodes, got, want, m)
		}
	})
}

func same[T comparable](t *rapid.T, m *model, n int, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("node %d: %s is %v, want %v\n%s", n, what, got, want, m)
	}
}
