// Package simulate runs the two collectors of the textbook, and one that mends
// the second, on a graph of objects: mark and sweep, reference counting, trial
// deletion; and it answers what would go if a reference were cut.
//
// Everything here is computed from a graph, by rules that can be read below.
// Nothing of it is V8: what V8's collector did is in the trace (lab.Death).
//
// Terms:
//   - A root is what a collector starts from: the variables of the stack.
//   - Grey is an object that was found and whose references were not followed yet;
//     black is one whose references were; white is one that was not found.
//   - The count of an object is the number of references to it, roots included.
package simulate

// Graph is objects, numbered from 0, and the references between them.
type Graph struct {
	Out   [][]int // references of each object; the same one may be there twice
	Roots []int   // what roots refer to; the same object may be there twice
}

// Cut is g without one reference from an object to another; from -1 is a root.
// Where there are several, one goes; where there is none, g is returned as it is.
func (g Graph) Cut(from, to int) Graph {
	without := func(list []int) []int {
		for i, n := range list {
			if n == to {
				return append(append([]int(nil), list[:i]...), list[i+1:]...)
			}
		}
		return list
	}
	if from < 0 {
		return Graph{Out: g.Out, Roots: without(g.Roots)}
	}
	out := append([][]int(nil), g.Out...)
	out[from] = without(out[from])
	return Graph{Out: out, Roots: g.Roots}
}

// WhatIf lists the objects that are reached in g and no longer when the
// reference is cut, in their order.
func WhatIf(g Graph, from, to int) []int {
	before, after := Mark(g).Distance, Mark(g.Cut(from, to)).Distance
	var gone []int
	for n := range g.Out {
		if before[n] >= 0 && after[n] < 0 {
			gone = append(gone, n)
		}
	}
	return gone
}
