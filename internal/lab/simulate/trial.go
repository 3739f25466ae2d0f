package simulate

import "slices"

// TrialDeletion lists what the cycle collector of Bacon and Rajan (Concurrent
// Cycle Collection in Reference Counted Systems, ECOOP 2001, section 3) frees
// when it begins at the object start, whose count has just fallen: it takes away
// all counts that come from within what start reaches; what has some left is held
// from outside, and so is what that reaches; the rest goes.
func TrialDeletion(g Graph, start int) []int {
	left := counts(g)
	// MarkGray: take away the references from within.
	reached := reach(g, []int{start}, func(int) bool { return true })
	for n := range g.Out {
		if reached[n] {
			for _, to := range g.Out[n] {
				left[to]--
			}
		}
	}
	// Scan: what is held from outside, and what that holds, stays.
	var outside []int
	for n := range g.Out {
		if reached[n] && left[n] > 0 {
			outside = append(outside, n)
		}
	}
	stays := reach(g, outside, func(n int) bool { return reached[n] })
	// CollectWhite.
	var freed []int
	for n := range g.Out {
		if reached[n] && !stays[n] {
			freed = append(freed, n)
		}
	}
	return freed
}

// reach is the objects that those of from lead to, through objects that pass.
func reach(g Graph, from []int, pass func(int) bool) []bool {
	reached := make([]bool, len(g.Out))
	for stack := slices.Clone(from); len(stack) > 0; {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if reached[n] || !pass(n) {
			continue
		}
		reached[n] = true
		stack = append(stack, g.Out[n]...)
	}
	return reached
}
