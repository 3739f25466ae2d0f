package devtools

import (
	"context"

	"github.com/plumb-dev/plumb/heap"
)

// closeMark on the stack stands for a class, not a node: leaving the subtree
// in which an instance of it has been counted.
const closeMark = 1 << 31

// retainedByClass is calculateClassesRetainedSize. The retained size of a
// class is that of all its instances together: an instance that another one
// dominates is in that one's size already. So the dominator tree is walked
// from the root, and a class is open while the walk is below a counted
// instance of it; instances met while their class is open do not count.
func (c *classification) retainedByClass(ctx context.Context, s *heap.Snapshot, filter Filter) ([]uint64, error) {
	retained := make([]uint64, c.table.len())
	open := make([]bool, c.table.len())
	// counts says whether n adds to its class here.
	counts := func(n heap.Node) bool {
		return !open[c.column[n]] && s.ShallowSize(n) != 0 && (filter == nil || filter(n))
	}
	// Who dominates another: to ask for the list of each costs a look at memory
	// far away, and so does the retained size of the others, which is their own.
	inner := make([]uint64, s.NodeCount()/64+1)
	for n := range heap.Node(s.NodeCount()) {
		d := s.Dominator(n)
		inner[d/64] |= 1 << (d % 64)
	}
	stack := []uint32{uint32(s.Root())}
	for steps := 0; len(stack) > 0; steps++ {
		if steps%pollEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if top&closeMark != 0 {
			open[top&^closeMark] = false
			continue
		}
		n := heap.Node(top)
		children := s.Dominated(n)
		if counts(n) {
			class := c.column[n]
			retained[class] += s.RetainedSize(n)
			if len(children) > 0 {
				open[class] = true
				stack = append(stack, uint32(class)|closeMark)
			}
		}
		for _, child := range children {
			if inner[child/64]>>(child%64)&1 != 0 {
				stack = append(stack, uint32(child))
			} else if counts(child) { // opens nothing, so it need not wait
				retained[c.column[child]] += s.ShallowSize(child)
			}
		}
	}
	return retained, nil
}
