package simulate

// Counting is what a reference counter makes of a graph.
type Counting struct {
	Counts []int // of all references, before anything is freed
	Freed  []int // in the order in which their counts reach zero
	Leaked []int // not reached by any root, and never freed: cycles and what they hold
}

// Count counts the references and frees what has none, and then what that held,
// and so on.
func Count(g Graph) Counting {
	c := Counting{Counts: counts(g)}
	left := append([]int(nil), c.Counts...)
	for n, count := range left {
		if count == 0 {
			c.Freed = append(c.Freed, n)
		}
	}
	for i := 0; i < len(c.Freed); i++ {
		for _, to := range g.Out[c.Freed[i]] {
			if left[to]--; left[to] == 0 {
				c.Freed = append(c.Freed, to)
			}
		}
	}
	freed := make([]bool, len(g.Out))
	for _, n := range c.Freed {
		freed[n] = true
	}
	for _, n := range Mark(g).Swept {
		if !freed[n] {
			c.Leaked = append(c.Leaked, n)
		}
	}
	return c
}

func counts(g Graph) []int {
	counts := make([]int, len(g.Out))
	for _, n := range g.Roots {
		counts[n]++
	}
	for _, out := range g.Out {
		for _, n := range out {
			counts[n]++
		}
	}
	return counts
}
