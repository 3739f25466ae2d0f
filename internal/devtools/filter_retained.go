package devtools

import (
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// The filters "objects retained by X" show what would be out of reach if no
// edge led through X: nodes that the roots reach, but not along edges that the
// filter accepts.

// nodeSet has one bit per node.
type nodeSet []uint64

func newNodeSet(s *heap.Snapshot) nodeSet { return make(nodeSet, (s.NodeCount()+63)/64) }

func (b nodeSet) has(n heap.Node) bool { return b[n/64]&(1<<(n%64)) != 0 }
func (b nodeSet) add(n heap.Node)      { b[n/64] |= 1 << (n % 64) }

// retainedOnlyBy shows the nodes that have a distance and that the root does
// not reach along the edges for which pass is true. Weak edges never pass.
func (v *View) retainedOnlyBy(pass func(from heap.Node, e heap.Edge, to heap.Node) bool) Filter {
	s := v.snap
	reached := newNodeSet(s)
	reached.add(s.Root())
	stack := []heap.Node{s.Root()}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for e, end := s.Edges(n); e < end; e++ {
			if s.EdgeType(e) == heap.WeakEdge {
				continue
			}
			if to := s.EdgeTarget(e); !reached.has(to) && pass(n, e, to) {
				reached.add(to)
				stack = append(stack, to)
			}
		}
	}
	return func(n heap.Node) bool { return !reached.has(n) && s.Distance(n) != heap.NoDistance }
}

func (v *View) retainedByDetached() Filter {
	return v.retainedOnlyBy(func(_ heap.Node, _ heap.Edge, to heap.Node) bool {
		return v.snap.Detachedness(to) != heap.Detached
	})
}

func (v *View) retainedByContexts() Filter {
	const yes, no = 1, 2
	known := make([]uint8, v.snap.StringCount()) // by name, 0 is not asked yet
	return v.retainedOnlyBy(func(_ heap.Node, _ heap.Edge, to heap.Node) bool {
		id := v.snap.NameID(to)
		if known[id] == 0 {
			known[id] = no
			if isContext(v.snap.String(id)) {
				known[id] = yes
			}
		}
		return known[id] == no
	})
}

func (v *View) retainedByConsole() Filter {
	return v.retainedOnlyBy(func(from heap.Node, e heap.Edge, _ heap.Node) bool {
		return v.snap.Type(from) != heap.Synthetic || !v.snap.EdgeHasStringName(e) ||
			!strings.HasSuffix(v.snap.EdgeName(e), " / DevTools console")
	})
}

func (v *View) retainedByEventHandlers() Filter {
	handlers := v.eventHandlers()
	return v.retainedOnlyBy(func(_ heap.Node, _ heap.Edge, to heap.Node) bool { return !handlers.has(to) })
}

// eventHandlers finds the functions behind V8EventListener nodes: the callback
// itself, or the function inside it when a framework wraps it.
func (v *View) eventHandlers() nodeSet {
	s := v.snap
	handlers := newNodeSet(s)
	listener := s.FindStrings("V8EventListener")
	if len(listener) == 0 {
		return handlers
	}
	for n := range heap.Node(s.NodeCount()) {
		if !contains(listener, s.NameID(n)) {
			continue
		}
		if callback, ok := edgeTarget(s, n, "1"); ok {
			handlers.add(handlerOf(s, callback))
		}
	}
	return handlers
}

func handlerOf(s *heap.Snapshot, callback heap.Node) heap.Node {
	if _, ok := edgeTarget(s, callback, "code"); ok {
		return callback
	}
	for e, end := s.Edges(callback); e < end; e++ {
		child := s.EdgeTarget(e)
		if _, ok := edgeTarget(s, child, "code"); ok {
			return child
		}
	}
	return callback
}

// edgeTarget follows the first edge of any type with a name.
func edgeTarget(s *heap.Snapshot, n heap.Node, name string) (heap.Node, bool) {
	for e, end := s.Edges(n); e < end; e++ {
		if s.EdgeName(e) == name {
			return s.EdgeTarget(e), true
		}
	}
	return 0, false
}
