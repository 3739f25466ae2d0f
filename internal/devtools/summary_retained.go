package devtools

import (
	"context"
	"math/bits"

	"github.com/plumb-dev/plumb/heap"
)

// retainedByClass is calculateClassesRetainedSize. The retained size of a
// class is that of all its instances together: an instance that another one
// dominates is in that one's size already. So the dominator tree is walked
// from the root, and a class is open while the walk is below a counted
// instance of it; instances met while their class is open do not count.
func (c *classification) retainedByClass(ctx context.Context, s *heap.Snapshot, filter Filter) ([]uint64, error) {
	tree, err := c.newClassTree(ctx, s, filter)
	if err != nil {
		return nil, err
	}
	retained := make([]uint64, c.table.len())
	open := make([]bool, c.table.len())
	stack := []uint32{uint32(s.Root())}
	for steps := 0; len(stack) > 0; steps++ {
		if steps%pollEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if top&groupMark != 0 { // on the stack: the end of the class's subtree
			open[top&^groupMark] = false
			continue
		}
		n := heap.Node(top)
		if class := c.column[n]; !open[class] && counts(s, n, filter) {
			retained[class] += s.RetainedSize(n)
			open[class] = true
			stack = append(stack, uint32(class)|groupMark)
		}
		for at := tree.first[tree.rank(n)]; at != 0; at = tree.child(at).next {
			child := tree.child(at)
			if child.who&groupMark == 0 {
				stack = append(stack, child.who)
			} else if class := child.who &^ groupMark; !open[class] {
				retained[class] += child.retained
			}
		}
	}
	return retained, nil
}

// counts says whether n stands in the summary.
func counts(s *heap.Snapshot, n heap.Node, filter Filter) bool {
	return s.ShallowSize(n) != 0 && (filter == nil || filter(n))
}

// classTree is the dominator tree, as small as the classes need it. Most nodes
// are leaves, and a leaf closes no class: leaves of one parent and class that
// come one after the other are one child.
type classTree struct {
	inner  nodeSet  // the nodes that dominate others
	before []uint32 // how many of them come before each word of inner
	first  []uint32 // child of each of them, 0 is none
	blocks [][]classChild
	count  uint32 // of children, and the unused one at 0
}

// Children lie in blocks: their number is not known, and moving a slice that
// grows costs more than all the rest.
const childBlock = 1 << 16

// classChild is a node, or a group of leaves when who is a class and groupMark.
type classChild struct {
	who, next uint32
	retained  uint64 // of a group
}

const groupMark = 1 << 31

// rank is the position of n, which dominates others, among all that do.
func (t *classTree) rank(n heap.Node) uint32 {
	return t.before[n/64] + uint32(bits.OnesCount64(t.inner[n/64]&(1<<(n%64)-1)))
}

func (t *classTree) child(i uint32) *classChild { return &t.blocks[i/childBlock][i%childBlock] }

func (t *classTree) add(child classChild) uint32 {
	if t.count%childBlock == 0 {
		t.blocks = append(t.blocks, make([]classChild, childBlock))
	}
	i := t.count
	t.count++
	*t.child(i) = child
	return i
}

func (c *classification) newClassTree(ctx context.Context, s *heap.Snapshot, filter Filter) (*classTree, error) {
	root := s.Root()
	t := &classTree{inner: newNodeSet(s)}
	t.add(classChild{})
	t.inner.add(root)
	for n := range heap.Node(s.NodeCount()) {
		t.inner.add(s.Dominator(n))
	}
	t.before = make([]uint32, len(t.inner))
	total := uint32(0)
	for i, word := range t.inner {
		t.before[i] = total
		total += uint32(bits.OnesCount64(word))
	}
	t.first = make([]uint32, total)
	for i := range s.NodeCount() {
		if i%pollEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		n := heap.Node(i)
		if n == root {
			continue
		}
		who := uint32(n)
		if !t.inner.has(n) {
			if !counts(s, n, filter) {
				continue
			}
			who = uint32(c.column[n]) | groupMark
		}
		first := &t.first[t.rank(s.Dominator(n))]
		if who&groupMark != 0 && *first != 0 && t.child(*first).who == who {
			t.child(*first).retained += s.RetainedSize(n)
			continue
		}
		*first = t.add(classChild{who: who, next: *first, retained: s.RetainedSize(n)})
	}
	return t, nil
}
