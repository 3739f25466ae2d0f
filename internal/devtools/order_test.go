package devtools

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/heap"
)

func TestSortByNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.OneOf(rapid.Uint64Range(0, 50), rapid.Uint64()), 0, 40).Draw(t, "numbers")
		if len(numbers) > 0 && rapid.Bool().Draw(t, "many") { // more than are sorted by comparison
			for len(numbers) < 4000 {
				numbers = append(numbers, numbers...)
			}
		}
		nodes := make([]heap.Node, len(numbers))
		for i := range nodes {
			nodes[i] = heap.Node(i)
		}
		number := func(n heap.Node) uint64 { return numbers[n] }
		want := slices.Clone(nodes)
		descending := rapid.Bool().Draw(t, "descending")
		slices.SortStableFunc(want, func(a, b heap.Node) int {
			if descending {
				a, b = b, a
				return cmp.Compare(number(a), number(b))
			}
			return cmp.Compare(number(a), number(b))
		})
		SortByNumber(nodes, number, descending)
		if !slices.Equal(nodes, want) {
			t.Fatalf("sorted %v, want %v", nodes, want)
		}
	})
}
