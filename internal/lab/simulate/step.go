package simulate

import "github.com/plumb-dev/plumb/internal/lab"

// Step is a step of a trace as a graph. Objects[n] is the id of the object n.
type Step struct {
	Graph
	Objects []int
	number  map[int]int
}

// Of takes the graph of a step: variables are its roots. An object that no
// variable leads to and that the snapshot has is held by something that the trace
// does not show; it is a root as well, as V8 says that it lives.
func Of(s *lab.Step) Step {
	g := Step{number: map[int]int{}}
	for n, o := range s.Objects {
		g.Objects = append(g.Objects, o.ID)
		g.number[o.ID] = n
	}
	g.Out = make([][]int, len(g.Objects))
	for _, f := range s.Frames {
		for _, v := range f.Variables {
			if n, ok := g.number[v.Value.Ref]; ok {
				g.Roots = append(g.Roots, n)
			}
		}
	}
	for n, o := range s.Objects {
		for _, p := range o.Props {
			if to, ok := g.number[p.Value.Ref]; ok && !p.Weak {
				g.Out[n] = append(g.Out[n], to)
			}
		}
	}
	if s.Checkpoint {
		for n := range g.Objects {
			if Mark(g.Graph).Distance[n] < 0 {
				g.Roots = append(g.Roots, n)
			}
		}
	}
	return g
}

// Number is the position of an object in the graph.
func (g Step) Number(id int) (int, bool) {
	n, ok := g.number[id]
	return n, ok
}

// IDs are the objects at positions.
func (g Step) IDs(numbers []int) []int {
	ids := make([]int, len(numbers))
	for i, n := range numbers {
		ids[i] = g.Objects[n]
	}
	return ids
}
