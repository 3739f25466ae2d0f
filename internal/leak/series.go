package leak

import (
	"github.com/plumb-dev/plumb/heap"
)

// series counts what the holder of p had in each snapshot: the members of a
// container, the length of a list, the bytes of one object. A holder that did not exist yet had none.
func (g *grower) series(p *growth, snapshots []*graph) []int {
	counts := make([]int, len(snapshots))
	for k, then := range snapshots {
		switch p.kind {
		case swell:
			if n, ok := g.then(then, p.holder); ok {
				counts[k] = then.ownSize(n)
			}
		case wide:
			if n, ok := g.then(then, p.holder); ok {
				counts[k] = then.members(n)
			}
		case chain:
			for _, head := range p.tops {
				counts[k] = max(counts[k], g.length(then, head, p.list.steps))
			}
		case spread:
			for holder := range p.holders(g) {
				if n, ok := g.then(then, holder); ok {
					counts[k] += then.members(n)
				}
			}
		}
	}
	return counts
}

// differences are the steps between counts.
func differences(counts []int) []int {
	var steps []int
	for i := 1; i < len(counts); i++ {
		steps = append(steps, counts[i]-counts[i-1])
	}
	return steps
}

// holders are the containers of a spread growth that have new members.
func (p *growth) holders(g *grower) map[heap.Node]bool {
	set := map[heap.Node]bool{}
	for _, n := range p.direct {
		set[g.holder(n)] = true
	}
	return set
}

// then finds n in an earlier snapshot: by its id or, when the program has put
// another object in its place, by the same names from the nearest object above
// it that was there.
func (g *grower) then(earlier *graph, n heap.Node) (heap.Node, bool) {
	var down []heap.Edge
	for at := n; ; at = g.parent[at] {
		if at == g.s.Root() {
			return 0, false
		}
		old, ok := earlier.ids.node(g.s.ID(at))
		if ok {
			for i := len(down) - 1; i >= 0 && ok; i-- {
				old, ok = g.follow(earlier, old, down[i])
			}
			return old, ok
		}
		down = append(down, g.via[at])
	}
}

// follow takes the reference of an earlier object that reads like e.
func (g *grower) follow(earlier *graph, from heap.Node, e heap.Edge) (heap.Node, bool) {
	switch g.s.EdgeType(e) {
	case heap.ElementEdge:
		return 0, false // positions change
	case heap.InternalEdge:
		if name := g.s.EdgeName(e); name != "" && name[0] <= '9' {
			return 0, false
		}
	}
	return earlier.target(from, g.s.EdgeType(e), g.s.EdgeName(e))
}

// length counts the elements of a list in an earlier snapshot. A ring ends
// where it began.
func (g *grower) length(earlier *graph, head heap.Node, steps []heap.Edge) int {
	holder, ok := g.then(earlier, g.parent[head])
	if !ok {
		return 0
	}
	at, ok := g.follow(earlier, holder, g.via[head])
	if !ok || earlier.s.Type(at) != g.s.Type(head) {
		return 0
	}
	seen := newBits(earlier.s.NodeCount())
	name := g.s.Name(head)
	length := 0
	for ok && !seen.has(int(at)) {
		seen.set(int(at))
		if earlier.s.Name(at) == name {
			length++
		}
		for _, e := range steps {
			if at, ok = g.follow(earlier, at, e); !ok {
				break
			}
		}
	}
	return length
}

// survivors counts the members of p by the step in which they came and that
// are still there; index 0 is the step from the first to the second snapshot.
func (g *grower) survivors(p *growth, snapshots int) []int {
	counts := make([]int, snapshots-1)
	if p.kind == swell {
		return counts // it may be an old one
	}
	members := p.direct
	if p.kind == chain {
		members = p.owned
	}
	for _, n := range members {
		if p.kind != chain || g.sameClass(n, p.list.link) {
			counts[g.age[n]-1]++
		}
	}
	if p.kind == chain && !g.value(p.list.link) { // of the engine's: count by hand
		for n := p.list.link; ; {
			if g.isNew(n) {
				counts[g.age[n]-1]++
			}
			next, ok := n, true
			for _, e := range p.list.steps {
				if next, ok = g.follow(g.graph, next, e); !ok {
					break
				}
			}
			if !ok || next == n || next == p.list.head {
				break
			}
			n = next
		}
	}
	return counts
}
