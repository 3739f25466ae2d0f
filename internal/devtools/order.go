package devtools

import (
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// SortByNumber sorts nodes by a number of each, the greatest first when descending.
// Nodes with the same number stay in their order. It is a radix sort, digit by digit
// from the least (LSD): classes have millions of objects, and few of their sizes have
// more than three digits of 11 bits.
func SortByNumber(nodes []heap.Node, number func(heap.Node) uint64, descending bool) {
	const (
		bits  = 11
		small = 2048 // nodes: fewer are sorted by comparison
	)
	type item struct {
		number uint64
		node   heap.Node
	}
	items := make([]item, len(nodes))
	var greatest uint64
	for i, n := range nodes {
		items[i] = item{number(n), n}
		greatest = max(greatest, items[i].number)
	}
	if descending {
		for i := range items {
			items[i].number = greatest - items[i].number
		}
	}
	if len(items) < small {
		slices.SortStableFunc(items, func(a, b item) int {
			switch {
			case a.number < b.number:
				return -1
			case a.number > b.number:
				return 1
			}
			return 0
		})
	} else {
		other := make([]item, len(items))
		for shift := uint(0); shift < 64 && greatest>>shift > 0; shift += bits {
			var at [1 << bits]int
			for i := range items {
				at[items[i].number>>shift&(1<<bits-1)]++
			}
			sum := 0
			for digit, count := range at {
				at[digit] = sum
				sum += count
			}
			for i := range items {
				digit := items[i].number >> shift & (1<<bits - 1)
				other[at[digit]] = items[i]
				at[digit]++
			}
			items, other = other, items
		}
	}
	for i := range items {
		nodes[i] = items[i].node
	}
}
