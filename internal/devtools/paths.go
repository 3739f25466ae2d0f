package devtools

import (
	"cmp"
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// PathLimits bounds the search for retaining paths.
type PathLimits struct {
	Depth    int // edges on one path
	Nodes    int // nodes visited in all
	Siblings int // retainers followed per node
}

// DefaultPathLimits returns the limits of DevTools.
func DefaultPathLimits() PathLimits { return PathLimits{Depth: 30, Nodes: 5000, Siblings: 100} }

// PathEdge is a step of the paths from a node to the roots: Node holds the
// previous one through Edge. Children are the steps that go on from Node; a
// step without children is at a root.
type PathEdge struct {
	Edge     heap.Edge
	Node     heap.Node
	Distance int32
	Children []PathEdge
}

// Paths is the forest of retaining paths of one node, and which limits were
// hit while it was searched.
type Paths struct {
	Paths   []PathEdge
	Reached struct{ Depth, Nodes, Siblings bool }
}

// pathRootDistance is where paths end: at the children of the user's roots.
const pathRootDistance = 2

// Paths finds the ways on which n is kept alive, the shortest first, up to
// the limits (getRetainingPaths). Branches that do not end at a root are left
// out. A node is searched again only when a shorter way leads to it.
func (r *Retaining) Paths(n heap.Node, limits PathLimits) Paths {
	f := pathFinder{
		Retaining: r, limits: limits,
		visiting: make(map[heap.Node]bool), visited: make(map[heap.Node]int),
	}
	f.found.Paths = f.forest(n, 0)
	return f.found
}

type pathFinder struct {
	*Retaining
	limits   PathLimits
	found    Paths
	count    int
	visiting map[heap.Node]bool
	visited  map[heap.Node]int // the depth at which a node was searched
}

func (f *pathFinder) forest(n heap.Node, depth int) []PathEdge {
	f.count++
	if f.count > f.limits.Nodes {
		f.found.Reached.Nodes = true
		return nil
	}
	if depth >= f.limits.Depth {
		f.found.Reached.Depth = true
		return nil
	}
	if f.rawDistance(n) <= pathRootDistance || f.visiting[n] {
		return nil
	}
	if before, ok := f.visited[n]; ok && depth >= before {
		return nil
	}
	f.visiting[n] = true
	var forest []PathEdge
	for _, step := range f.retainers(n, f.limits.Depth-depth) {
		if step.Distance == pathRootDistance {
			f.count++
			if f.count > f.limits.Nodes {
				f.found.Reached.Nodes = true
				break
			}
		} else if step.Children = f.forest(step.Node, depth+1); len(step.Children) == 0 {
			continue
		}
		forest = append(forest, step)
	}
	delete(f.visiting, n)
	f.visited[n] = depth
	return forest
}

// retainers lists the edges worth following: those whose distance says that a
// root can be reached within the depth that is left.
func (f *pathFinder) retainers(n heap.Node, depth int) []PathEdge {
	s := f.view.snap
	var steps []PathEdge
	for e, from := range s.Retainers(n) {
		if f.ignoredEdges[e] || s.EdgeType(e) == heap.WeakEdge {
			continue
		}
		d := f.rawDistance(from)
		if d < 0 {
			continue
		}
		if int(d)-pathRootDistance >= depth {
			f.found.Reached.Depth = true
			continue
		}
		steps = append(steps, PathEdge{Edge: e, Node: from, Distance: d})
	}
	slices.SortStableFunc(steps, func(a, b PathEdge) int { return cmp.Compare(a.Distance, b.Distance) })
	if len(steps) > f.limits.Siblings {
		f.found.Reached.Siblings = true
		steps = steps[:max(0, f.limits.Siblings)]
	}
	return steps
}
