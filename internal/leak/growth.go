package leak

import (
	"hash/maphash"
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// minGrowth is the fewest new objects in one place that are looked at. Below
// it lie the traces of taking the snapshot itself.
const minGrowth = 10

// kind is how the new objects hang on their holder.
type kind int

const (
	wide   kind = iota // one container with many new members
	chain              // a linked list: each keeps the next
	spread             // many small containers below one
	swell              // one object that gets larger
)

// growth is one place where objects of later snapshots gather.
type growth struct {
	kind   kind
	holder heap.Node // the object that keeps the members
	list   *list
	tops   []heap.Node // chain: the heads of the list; spread: the holder
	owned  []heap.Node // the new values it keeps alive, in order of the tree
	direct []heap.Node // of these, the members themselves
}

// grower finds the places. The words: a node is new when the first snapshot
// has not got its id; a node's holder is the nearest visible node above it.
type grower struct {
	*tree
	age     []uint8
	scripts *scripts
	made    map[heap.Location]int // new functions by their place
	fan     []uint32              // new values directly below, engine's arrays looked through
	lists   map[heap.Node]*list   // the nodes of paths along linked lists
}

func (g *grower) isNew(n heap.Node) bool { return g.age[n] > 0 }

// counted nodes are new values that are not functions of Node.js itself, which
// it makes when a program first uses one of its modules. Such a function comes
// once; many of one place are made for the program, call by call.
func (g *grower) counted(n heap.Node) bool {
	if !g.isNew(n) || !g.value(n) {
		return false
	}
	if g.s.Type(n) == heap.Closure {
		at, ok := g.scripts.at(n) // bound and resolving functions have no place
		if ok && (at.url == "" || isNode(at.url)) {
			loc, _ := g.s.Location(n)
			return g.made[loc] >= minGrowth
		}
	}
	return true
}

func (g *grower) holder(n heap.Node) heap.Node {
	for n != g.s.Root() {
		if n = g.parent[n]; g.visible(n) {
			break
		}
	}
	return n
}

// find returns the places where objects gather.
func (g *grower) find() []*growth {
	g.fan, g.lists = make([]uint32, g.s.NodeCount()), map[heap.Node]*list{}
	g.made = map[heap.Location]int{}
	for _, n := range g.order {
		if g.isNew(n) && g.s.Type(n) == heap.Closure {
			if loc, ok := g.s.Location(n); ok {
				g.made[loc]++
			}
		}
	}
	for _, n := range g.order {
		if g.counted(n) {
			g.fan[g.holder(n)]++
		}
	}
	absorbed := g.absorbed()
	var places []*growth
	for _, n := range g.order {
		if g.fan[n] >= minGrowth && !absorbed.has(int(n)) {
			places = append(places, g.place(wide, n))
		}
	}
	for _, n := range g.heavy(absorbed) {
		places = append(places, g.place(spread, n))
	}
	places = g.merge(places)
	g.collect(places)
	return slices.DeleteFunc(places, func(p *growth) bool { return len(p.owned) < minGrowth })
}

// absorbed marks what hangs below the new members of a wide container: it is
// there because they are.
func (g *grower) absorbed() bits {
	set := newBits(g.s.NodeCount())
	for _, n := range g.order[1:] {
		if set.has(int(g.parent[n])) || g.isNew(n) && g.fan[g.holder(n)] >= minGrowth {
			set.set(int(n))
		}
	}
	return set
}

// heavy returns the places below which new objects are many, but no single
// container has them: each node's count without its heavy children's is looked
// at (the accumulation point of Eclipse MAT, from the leaves up).
func (g *grower) heavy(absorbed bits) []heap.Node {
	mass := make([]uint32, g.s.NodeCount()) // new values below that no heavy child has
	var places []heap.Node
	total := make([]uint32, g.s.NodeCount())
	for i := len(g.order) - 1; i > 0; i-- {
		n := g.order[i]
		if absorbed.has(int(n)) {
			continue
		}
		if g.counted(n) {
			mass[n]++
			total[n]++
		}
		up := g.parent[n]
		total[up] += total[n]
		if total[n] < minGrowth {
			mass[up] += mass[n]
		} else if mass[n] >= minGrowth {
			if g.visible(n) {
				places = append(places, n)
			} else {
				places = append(places, g.holder(n))
			}
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// place makes a growth at n, or at the head of the list that leads there.
func (g *grower) place(k kind, n heap.Node) *growth {
	if l := g.listOn(n); l != nil {
		return &growth{kind: chain, holder: g.holder(l.head), tops: []heap.Node{l.head}, list: l}
	}
	return &growth{kind: k, holder: n, tops: []heap.Node{n}}
}

// merge joins places that are one: lists with one holder, and the many small
// containers of one structure, whose paths read alike.
func (g *grower) merge(places []*growth) []*growth {
	byHolder := map[heap.Node]*growth{}
	var rest []*growth
	for _, p := range places {
		if p.kind != chain {
			rest = append(rest, p)
			continue
		}
		if one, ok := byHolder[p.holder]; ok {
			if !slices.Contains(one.tops, p.tops[0]) {
				one.tops = append(one.tops, p.tops[0])
			}
			continue
		}
		byHolder[p.holder] = p
		rest = append(rest, p)
	}
	alike := map[uint64][]*growth{}
	var keys []uint64
	seed := maphash.MakeSeed()
	for _, p := range rest {
		key := g.signature(seed, p)
		if alike[key] == nil {
			keys = append(keys, key)
		}
		alike[key] = append(alike[key], p)
	}
	var merged []*growth
	for _, key := range keys {
		group := alike[key]
		if len(group) < 4 {
			merged = append(merged, group...)
			continue
		}
		top := g.commonAncestor(group)
		merged = append(merged, &growth{kind: spread, holder: top, tops: []heap.Node{top}})
	}
	return g.dropNested(merged)
}

// signature is equal for places whose paths have the same classes and
// references, with numbers left out.
func (g *grower) signature(seed maphash.Seed, p *growth) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	h.WriteByte(byte(p.kind))
	for n := p.holder; n != g.s.Root(); n = g.parent[n] {
		h.WriteString(g.s.Name(n))
		h.WriteByte(byte(g.s.Type(n)))
		if e := g.via[n]; g.s.EdgeType(e) == heap.ContextEdge || g.s.EdgeType(e) == heap.PropertyEdge && g.fan[g.parent[n]] < minGrowth {
			h.WriteString(g.s.EdgeName(e))
		}
	}
	return h.Sum64()
}

// commonAncestor is the deepest visible node above all holders.
func (g *grower) commonAncestor(places []*growth) heap.Node {
	common := g.path(places[0].holder)
	for _, p := range places[1:] {
		other := g.path(p.holder)
		i := 0
		for i < len(common) && i < len(other) && common[i] == other[i] {
			i++
		}
		common = common[:i]
	}
	for len(common) > 1 && !g.visible(common[len(common)-1]) {
		common = common[:len(common)-1]
	}
	return common[len(common)-1]
}

// dropNested joins places with the same holder and kind.
func (g *grower) dropNested(places []*growth) []*growth {
	type key struct {
		holder heap.Node
		kind   kind
	}
	seen := map[key]bool{}
	return slices.DeleteFunc(places, func(p *growth) bool {
		k := key{p.holder, p.kind}
		if seen[k] {
			return true
		}
		seen[k] = true
		return false
	})
}

// collect gives each new value to the nearest place above it.
func (g *grower) collect(places []*growth) {
	const nobody = ^uint16(0)
	if len(places) >= int(nobody) {
		places = places[:nobody-1]
	}
	owner := make([]uint16, g.s.NodeCount())
	tops := map[heap.Node]uint16{}       // what is below belongs to the place
	containers := map[heap.Node]uint16{} // its new members and below do
	for i, p := range places {
		if p.kind == wide {
			containers[p.holder] = uint16(i)
			continue
		}
		for _, top := range p.tops {
			tops[top] = uint16(i)
		}
	}
	owner[g.s.Root()] = nobody
	if i, ok := tops[g.s.Root()]; ok {
		owner[g.s.Root()] = i
	}
	for _, n := range g.order[1:] {
		owner[n] = owner[g.parent[n]]
		i, isTop := tops[n]
		if isTop {
			owner[n] = i
		}
		if !g.isNew(n) {
			continue
		}
		holder := g.holder(n)
		if j, ok := containers[holder]; ok && g.visible(n) {
			owner[n] = j
			isTop = true
		}
		if owner[n] == nobody || !g.counted(n) {
			continue
		}
		p := places[owner[n]]
		p.owned = append(p.owned, n)
		if isTop || p.kind == spread && !g.isNew(holder) {
			p.direct = append(p.direct, n)
		}
	}
}
