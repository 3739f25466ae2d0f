package leak

import (
	"cmp"
	"hash/maphash"
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// noise counts the new objects that say nothing about the program: V8 compiles
// code and learns shapes while a program runs, Node.js loads its own modules
// when they are first used, and a snapshot itself leaves a few objects.
func (f *finder) noise() []Noise {
	kinds := map[string]*Noise{}
	add := func(kind string, n heap.Node) {
		one := kinds[kind]
		if one == nil {
			one = &Noise{Kind: kind}
			kinds[kind] = one
		}
		one.Objects++
		one.Bytes += f.s.ShallowSize(n)
	}
	for _, n := range f.foreign {
		add("held by Node.js: connections, requests under way", n)
	}
	for _, n := range f.underWay {
		add("timers that will fire", n)
	}
	for n := range f.age {
		n := heap.Node(n)
		if !f.isNew(n) {
			continue
		}
		switch f.s.Type(n) {
		case heap.Code:
			add("compiled code and feedback", n)
		case heap.ObjectShape:
			add("object shapes", n)
		case heap.Hidden:
			add("engine internals", n)
		case heap.Closure:
			if at, ok := f.scripts.at(n); ok && isNode(at.url) {
				add("functions of Node.js", n)
			}
		}
	}
	out := []Noise{}
	for _, one := range kinds {
		out = append(out, *one)
	}
	slices.SortFunc(out, func(a, b Noise) int {
		return cmp.Or(cmp.Compare(b.Objects, a.Objects), cmp.Compare(a.Kind, b.Kind))
	})
	return out
}

// classes counts objects by class and shape in every snapshot, without regard
// to paths: a second signal. It returns those that grew in every step.
func (f *finder) classes() []Class {
	const most = 20
	seed := maphash.MakeSeed()
	type tally struct {
		counts  []int
		example heap.Node
	}
	tallies := map[uint64]*tally{}
	for k, g := range f.graphs {
		last := k == len(f.graphs)-1
		shapes := g.newShapes(seed)
		for n := range g.s.NodeCount() {
			n := heap.Node(n)
			if !g.value(n) {
				continue
			}
			key := shapes.key(n)
			one := tallies[key]
			if one == nil {
				one = &tally{counts: make([]int, len(f.graphs))}
				tallies[key] = one
			}
			one.counts[k]++
			if last {
				one.example = n
			}
		}
	}
	out := []Class{}
	for _, one := range tallies {
		grew := true
		for i := 1; i < len(one.counts); i++ {
			grew = grew && one.counts[i] > one.counts[i-1]
		}
		if grew && one.counts[len(one.counts)-1]-one.counts[0] >= minGrowth {
			out = append(out, Class{Name: f.class(one.example), Counts: one.counts})
		}
	}
	slices.SortFunc(out, func(a, b Class) int {
		return cmp.Or(cmp.Compare(b.growth(), a.growth()), cmp.Compare(a.Name, b.Name))
	})
	return out[:min(most, len(out))]
}

func (c Class) growth() int { return c.Counts[len(c.Counts)-1] - c.Counts[0] }

// shapes makes one number per class and shape, the same in all snapshots.
type shapes struct {
	*graph
	seed   maphash.Seed
	texts  []uint64 // hash of a string, 0 until it is needed
	object uint64   // hash of "Object"
}

func (g *graph) newShapes(seed maphash.Seed) *shapes {
	return &shapes{graph: g, seed: seed, texts: make([]uint64, g.s.StringCount()), object: maphash.String(seed, "Object") | 1}
}

func (sh *shapes) text(id heap.StringID) uint64 {
	if sh.texts[id] == 0 {
		sh.texts[id] = maphash.String(sh.seed, sh.s.String(id)) | 1
	}
	return sh.texts[id]
}

// key is a hash of the class; for plain objects of their property names, for
// functions of their place in the source.
func (sh *shapes) key(n heap.Node) uint64 {
	typ := sh.s.Type(n)
	const prime = 0x9E3779B97F4A7C15
	key := (uint64(typ) + 1) * prime
	switch typ {
	case heap.Closure:
		key ^= sh.text(sh.s.NameID(n))
		if at, ok := sh.s.Location(n); ok {
			key += uint64(at.ScriptID)*31 + uint64(at.Line)*prime + uint64(at.Column)*7
		}
	case heap.Object:
		name := sh.s.NameID(n)
		key ^= sh.text(name)
		if sh.text(name) != sh.object {
			break
		}
		count := 0
		var sum uint64
		for e, end := sh.s.Edges(n); e < end; e++ {
			if sh.s.EdgeType(e) == heap.PropertyEdge {
				sum += sh.text(heap.StringID(sh.s.EdgeNameID(e))) * prime
				count++
			}
		}
		if count <= 25 { // else a dictionary: its keys are no shape
			key ^= sum
		}
	}
	return key
}
