package devtools

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// UnreachableDistance is added in the retainers perspective to the distance of
// nodes that only ignored nodes keep alive (baseUnreachableDistance).
const UnreachableDistance = 200_000_000

// Retainer is a row of the retainers perspective: Node holds its parent row's
// node through Edge.
type Retainer struct {
	Edge     heap.Edge
	Node     heap.Node
	Distance int32 // as the perspective shows it, see [UnreachableDistance]
	Ignored  bool  // the user asked to ignore Node
	Cycle    bool  // Node is already among the rows above; never expanded
	// Retainers holds the rows below, where the tree was expanded.
	Retainers []Retainer
}

// Retaining is the retainers perspective of a view: who keeps what alive, as
// if some nodes were not there.
type Retaining struct {
	view         *View
	ignored      map[heap.Node]bool
	ignoredEdges map[heap.Edge]bool
	distances    []int32 // nil when nothing is ignored
}

// Retaining opens the retainers perspective. Nodes to ignore change distances
// and so the order of rows (ignoreNodeInRetainersView).
func (v *View) Retaining(ctx context.Context, ignore ...heap.Node) (*Retaining, error) {
	r := &Retaining{view: v}
	if len(ignore) == 0 {
		return r, nil
	}
	r.ignored = make(map[heap.Node]bool)
	for _, n := range ignore {
		r.ignored[n] = true
	}
	var err error
	if r.distances, err = v.snap.DistancesIgnoring(ctx, r.ignored); err != nil {
		return nil, err
	}
	r.ignoreTwins()
	return r, nil
}

// ignoreTwins marks the WeakMap edges that keep nothing alive on their own: a
// value needs both its table and its key, so where one of the two became
// unreachable the edge from the other counts as ignored
// (updateIgnoredEdgesInRetainersView).
func (r *Retaining) ignoreTwins() {
	type entry struct {
		value heap.Node
		pair  string
	}
	s := r.view.snap
	r.ignoredEdges = make(map[heap.Edge]bool)
	unreachable := make(map[entry]bool)
	values := make(map[heap.Node]bool)
	for i, d := range r.distances {
		if d != heap.NoDistance {
			continue
		}
		for e, end := s.Edges(heap.Node(i)); e < end; e++ {
			if s.EdgeType(e) != heap.InternalEdge {
				continue
			}
			if w, ok := s.Ephemeron(e); ok {
				unreachable[entry{s.EdgeTarget(e), w.Pair}] = true
				values[s.EdgeTarget(e)] = true
			}
		}
	}
	for value := range values {
		for e := range s.Retainers(value) {
			if s.EdgeType(e) != heap.InternalEdge {
				continue
			}
			if w, ok := s.Ephemeron(e); ok && unreachable[entry{value, w.Pair}] {
				r.ignoredEdges[e] = true
			}
		}
	}
}

// rawDistance is the distance without the nodes to ignore.
func (r *Retaining) rawDistance(n heap.Node) int32 {
	if r.distances != nil {
		return r.distances[n]
	}
	return r.view.snap.Distance(n)
}

// Distance is what the perspective shows for n: what ignored nodes alone keep
// alive sorts to the end (getDistanceForRetainersView).
func (r *Retaining) Distance(n heap.Node) int32 {
	if d := r.rawDistance(n); d != heap.NoDistance {
		return d
	}
	return max(0, r.view.snap.Distance(n)) + UnreachableDistance
}

// Rows lists who retains n: the nearest to the roots first, then by name, then
// the later edge first. Weak edges and edges of the root are left out.
func (r *Retaining) Rows(n heap.Node) []Retainer {
	rows := slices.Collect(r.unsorted(n))
	names := nameCache{view: r.view}
	slices.SortStableFunc(rows, names.compare)
	return rows
}

// Nearest is the first of the rows whose node skip does not have.
func (r *Retaining) Nearest(n heap.Node, skip map[heap.Node]bool) (first Retainer, ok bool) {
	names := nameCache{view: r.view}
	for row := range r.unsorted(n) {
		if !skip[row.Node] && (!ok || names.compare(row, first) < 0) {
			first, ok = row, true
		}
	}
	return first, ok
}

func (r *Retaining) unsorted(n heap.Node) iter.Seq[Retainer] {
	s := r.view.snap
	return func(yield func(Retainer) bool) {
		for e, from := range s.Retainers(n) {
			if t := s.EdgeType(e); t == heap.WeakEdge || t == heap.InvisibleEdge || from == s.Root() {
				continue
			}
			row := Retainer{Edge: e, Node: from, Distance: r.Distance(from), Ignored: r.ignored[from]}
			if r.ignoredEdges[e] {
				row.Distance = UnreachableDistance
			}
			if !yield(row) {
				return
			}
		}
	}
}

// Tree lists who retains n, who retains those, and so on for depth levels.
func (r *Retaining) Tree(n heap.Node, depth int) []Retainer {
	return r.tree(n, depth, []heap.Node{n})
}

func (r *Retaining) tree(n heap.Node, depth int, above []heap.Node) []Retainer {
	rows := r.Rows(n)
	for i := range rows {
		row := &rows[i]
		if slices.Contains(above, row.Node) {
			row.Cycle = true
		} else if depth > 1 {
			row.Retainers = r.tree(row.Node, depth-1, append(above, row.Node))
		}
	}
	return rows
}

// expandLevels is how far DevTools opens a chain of retainers by itself.
const expandLevels = 20

// Expanded lists who retains n with the first row opened, and the first row
// below it, as DevTools does when an object is selected: up to 20 levels, until
// the row is a root's own or unreachable (expandRetainersChain).
func (r *Retaining) Expanded(n heap.Node) []Retainer {
	rows := r.tree(n, 1, []heap.Node{n})
	above := []heap.Node{n}
	level := rows
	for range expandLevels - 1 {
		if len(level) == 0 {
			break
		}
		first := &level[0]
		if first.Cycle || first.Distance <= 1 || first.Distance >= UnreachableDistance {
			break
		}
		above = append(above, first.Node)
		first.Retainers = r.tree(first.Node, 1, above)
		level = first.Retainers
	}
	return rows
}

// nameCache keeps display names while rows are sorted: the names of plain
// objects and concatenated strings are composed anew each time.
type nameCache struct {
	view  *View
	names map[heap.Node]string
}

// compare orders rows by distance, then by name.
func (c *nameCache) compare(a, b Retainer) int {
	if by := cmp.Compare(a.Distance, b.Distance); by != 0 {
		return by
	}
	return wtf8.Compare(c.of(a.Node), c.of(b.Node))
}

func (c *nameCache) of(n heap.Node) string {
	name, ok := c.names[n]
	if !ok {
		if c.names == nil {
			c.names = make(map[heap.Node]string)
		}
		name = c.view.DisplayName(n)
		c.names[n] = name
	}
	return name
}
