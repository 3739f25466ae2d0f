package devtools

import (
	"strings"
	"sync"

	"github.com/plumb-dev/plumb/heap"
)

// What [View.NativeContext] says of a node that no single native context owns.
const (
	NoNativeContext     = -1
	SharedNativeContext = -2
)

// NativeContextSize is one native context (a realm: a page, an iframe, a vm
// context) and what belongs to it.
type NativeContextSize struct {
	Node           heap.Node
	AttributedSize uint64 // shallow sizes of the nodes that are its alone, bytes
}

// NativeContextSizes divides the heap between native contexts, in bytes.
type NativeContextSizes struct {
	Contexts          []NativeContextSize // in node order
	SharedSize        uint64
	NoAttributionSize uint64
}

// nativeContexts is the attribution of a view, made once.
type nativeContexts struct {
	once  sync.Once
	owner []int32
	nodes []heap.Node
}

// NativeContext is the node of the native context that n belongs to,
// [SharedNativeContext] or [NoNativeContext]. The first call attributes the
// whole heap (nodeNativeContextAttribution).
func (v *View) NativeContext(n heap.Node) int32 { return v.nativeContexts().owner[n] }

// NativeContexts lists the native contexts in node order.
func (v *View) NativeContexts() []heap.Node { return v.nativeContexts().nodes }

func (v *View) nativeContexts() *nativeContexts {
	v.native.once.Do(func() { v.native.attribute(v.snap) })
	return &v.native
}

// NativeContextSizes sums the shallow sizes of all nodes by native context
// (calculateNativeContextSizes).
func (v *View) NativeContextSizes() NativeContextSizes {
	native := v.nativeContexts()
	var sizes NativeContextSizes
	position := make(map[int32]int, len(native.nodes))
	for i, n := range native.nodes {
		position[int32(n)] = i
		sizes.Contexts = append(sizes.Contexts, NativeContextSize{Node: n})
	}
	for i, owner := range native.owner {
		size := v.snap.ShallowSize(heap.Node(i))
		switch owner {
		case SharedNativeContext:
			sizes.SharedSize += size
		case NoNativeContext:
			sizes.NoAttributionSize += size
		default:
			sizes.Contexts[position[owner]].AttributedSize += size
		}
	}
	return sizes
}

// attribute gives every node its native context: contexts own themselves and
// the objects whose map says so; the rest belongs to whoever reaches it.
// Every node goes at most from none to one context to shared, so the order of
// the walk does not matter.
func (c *nativeContexts) attribute(s *heap.Snapshot) {
	maps := mapEdges{
		snap: s, name: firstString(s, "map"), context: firstString(s, "native_context"),
		ofMap: make(map[heap.Node]int32),
	}
	c.owner = make([]int32, s.NodeCount())
	fixed := make([]uint64, (s.NodeCount()+63)/64)
	var stack []heap.Node
	for i := range c.owner {
		n := heap.Node(i)
		c.owner[i] = NoNativeContext
		if isNativeContext(s.Name(n)) {
			c.nodes = append(c.nodes, n)
			c.owner[i] = int32(i)
		} else if owner := maps.owner(n); owner >= 0 {
			c.owner[i] = owner
		} else {
			continue
		}
		fixed[i/64] |= 1 << (i % 64)
		stack = append(stack, n)
	}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		owner := c.owner[n]
		for e, end := s.Edges(n); e < end; e++ {
			if t := s.EdgeType(e); t == heap.ShortcutEdge || t == heap.WeakEdge {
				continue
			}
			to := s.EdgeTarget(e)
			if to == n || fixed[to/64]&(1<<(to%64)) != 0 {
				continue
			}
			merged := owner
			if c.owner[to] != NoNativeContext && c.owner[to] != owner {
				merged = SharedNativeContext
			}
			if merged != c.owner[to] {
				c.owner[to] = merged
				stack = append(stack, to)
			}
		}
	}
}

// mapEdges finds the native context of an object through its hidden class:
// object -> map -> meta map -> native context, by internal edges.
type mapEdges struct {
	snap          *heap.Snapshot
	name, context int64 // string IDs of "map" and "native_context", or -1
	ofMap         map[heap.Node]int32
}

func (m *mapEdges) owner(n heap.Node) int32 {
	hidden, ok := m.target(n, m.name)
	if !ok {
		return NoNativeContext
	}
	if owner, ok := m.ofMap[hidden]; ok {
		return owner
	}
	owner := int32(NoNativeContext)
	if meta, ok := m.target(hidden, m.name); ok {
		owner = m.contextOf(meta)
	}
	m.ofMap[hidden] = owner
	return owner
}

func (m *mapEdges) contextOf(meta heap.Node) int32 {
	for e, end := m.snap.Edges(meta); e < end; e++ {
		if !m.named(e, m.context) {
			continue
		}
		if to := m.snap.EdgeTarget(e); isNativeContext(m.snap.Name(to)) {
			return int32(to)
		}
	}
	return NoNativeContext
}

func (m *mapEdges) target(n heap.Node, name int64) (heap.Node, bool) {
	for e, end := m.snap.Edges(n); e < end; e++ {
		if m.named(e, name) {
			return m.snap.EdgeTarget(e), true
		}
	}
	return 0, false
}

// named compares the string ID, not the text: an edge named by a second copy
// of the text in the string table is not seen, as in DevTools.
func (m *mapEdges) named(e heap.Edge, name int64) bool {
	return m.snap.EdgeType(e) == heap.InternalEdge && int64(m.snap.EdgeNameID(e)) == name
}

// firstString is the first string ID of text, or -1.
func firstString(s *heap.Snapshot, text string) int64 {
	if ids := s.FindStrings(text); len(ids) > 0 {
		return int64(ids[0])
	}
	return -1
}

func isNativeContext(name string) bool {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(name, "Detached "), "system / NativeContext")
	return ok && (rest == "" || strings.HasPrefix(rest, " / "))
}
