package heap

import (
	"context"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// distances is one run of DevTools' calculateDistances: breadth first, from
// the user's roots, then from the root with distances of SystemDistance and
// more over what is left. The order of the walk decides the distance of a
// WeakMap's values, so it is kept exactly.
type distances struct {
	*Snapshot
	to      []int32
	queue   []uint32
	ignored map[Node]bool // no edge leads into these

	// WeakMap entries seen from one side, by pair: a value is reached on the
	// second of the two edges, from the farther of table and key.
	pending map[uint32]bool

	// The walk asks these at every step: sets stay in the cache where columns
	// do not.
	visited column.Bits
	special column.Bits // nodes whose edges need a closer look

	weak      [16]bool
	numbered  [16]bool // edge types whose name is a number
	sloppyMap nameSet

	refused []uint32 // nodes of which an edge was refused
}

func (s *Snapshot) newDistances(to []int32, queue []uint32) (d *distances, err error) {
	d = &distances{
		Snapshot: s, to: to, queue: queue, pending: map[uint32]bool{},
		sloppyMap: s.nameSet("sloppy_function_map"),
	}
	if d.visited, err = column.MakeBits(&s.arena, len(s.typ)); err != nil {
		return nil, err
	}
	if d.special, err = column.MakeBits(&s.arena, len(s.typ)); err != nil {
		return nil, err
	}
	for kind, t := range s.edgeTypes {
		d.weak[kind] = t == WeakEdge
		d.numbered[kind] = t == ElementEdge || t == HiddenEdge
	}
	contexts, descriptors := s.nameSet("system / NativeContext"), s.nameSet("(map descriptors)")
	for v, kind := range s.typ {
		switch s.nodeTypes[kind] {
		case Hidden:
			if contexts.has(s.name[v]) {
				d.special.Add(uint32(v))
			}
		case Array:
			if descriptors.has(s.name[v]) {
				d.special.Add(uint32(v))
			}
		}
		to[v] = NoDistance
	}
	return d, nil
}

func (d *distances) free() {
	column.Free(&d.arena, d.visited)
	column.Free(&d.arena, d.special)
}

// nameSet is the string ids with one text: mostly one, since duplicates in the
// table are rare.
type nameSet []uint32

func (s *Snapshot) nameSet(text string) (set nameSet) {
	for _, id := range s.FindStrings(text) {
		set = append(set, uint32(id))
	}
	return set
}

func (set nameSet) has(name uint32) bool {
	for _, id := range set {
		if id == name {
			return true
		}
	}
	return false
}

// run computes all distances and calls between after the first of the two
// walks, with the nodes that it visited and those of which it refused an edge.
func (d *distances) run(ctx context.Context, between func(visited column.Bits, refused []uint32) error) error {
	end := 0
	for e := d.firstEdge[d.root]; e < d.firstEdge[d.root+1]; e++ {
		// Weak edges too. A node with two edges from the root is walked twice,
		// as in DevTools, which then finds both edges of a WeakMap entry in it.
		if t := d.target[e] & targetMask; d.userRoot(t) {
			d.to[t] = 1
			d.visited.Add(t)
			d.queue[end] = t
			end++
		}
	}
	found := end > 0
	if _, err := d.walk(ctx, 0, end); err != nil {
		return err
	}
	if between != nil {
		if err := between(d.visited, d.refused); err != nil {
			return err
		}
	}
	d.to[d.root] = 0
	if found {
		d.to[d.root] = SystemDistance
	}
	d.visited.Add(d.root)
	d.queue[0] = d.root
	_, err := d.walk(ctx, 0, 1)
	return err
}

// userRoot says whether t, a target of the root, is a root of the user's
// program: anything that is not synthetic, and the root of documents.
func (s *Snapshot) userRoot(t uint32) bool {
	return s.nodeTypes[s.typ[t]] != Synthetic || s.documentRoots.has(s.name[t])
}

// queueLength is the most that a run can queue: every node once, and the user
// roots once for every edge of the root.
func (s *Snapshot) queueLength() int {
	return len(s.typ) + int(s.firstEdge[s.root+1]-s.firstEdge[s.root])
}

// walk goes breadth first from queue[head:tail] and returns the new tail.
func (d *distances) walk(ctx context.Context, head, tail int) (int, error) {
	for ; head < tail; head++ {
		if head&(1<<20-1) == 0 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		v := d.queue[head]
		next := d.to[v] + 1
		first, end := d.firstEdge[v], d.firstEdge[v+1]
		if d.ignored != nil || d.special.Has(v) {
			tail = d.walkSpecial(v, next, tail)
			continue
		}
		for e := first; e < end; e++ {
			packed := d.target[e]
			t := packed & targetMask
			if d.visited.Has(t) || d.weak[packed>>targetBits] {
				continue
			}
			if packed>>targetBits == ephemeronType && !d.second(e) {
				if n := len(d.refused); n == 0 || d.refused[n-1] != v {
					d.refused = append(d.refused, v)
				}
				continue
			}
			d.visited.Add(t)
			d.to[t] = next
			d.queue[tail] = t
			tail++
		}
	}
	return tail, nil
}

// walkSpecial is the inner loop of walk with all of DevTools' filter.
func (d *distances) walkSpecial(v uint32, next int32, tail int) int {
	d.refused = append(d.refused, v)
	special := d.special.Has(v)
	context := special && d.nodeTypes[d.typ[v]] == Hidden
	descriptors := special && !context
	for e := d.firstEdge[v]; e < d.firstEdge[v+1]; e++ {
		packed := d.target[e]
		t := packed & targetMask
		k := packed >> targetBits
		switch {
		case d.visited.Has(t) || d.weak[k],
			d.ignored[Node(t)],
			context && !d.numbered[k] && d.sloppyMap.has(d.edgeName[e]),
			descriptors && d.descriptorValue(e, k),
			// Maps' descriptors are asked for their number only.
			!descriptors && k == ephemeronType && !d.second(e):
			continue
		}
		d.visited.Add(t)
		d.to[t] = next
		d.queue[tail] = t
		tail++
	}
	return tail
}

// descriptorValue says whether e leads from a descriptor array to a
// descriptor's value. Maps share the arrays, so the link may not be valid for
// the map at hand: DevTools skips them (crbug.com/413608).
func (d *distances) descriptorValue(e, kind uint32) bool {
	if d.numbered[kind] {
		i := d.edgeName[e]
		return i >= 2 && i%3 == 1
	}
	digits, ok := parseInt(d.EdgeName(Edge(e)))
	if !ok || digits[0] == '-' || len(digits) > 15 {
		return false
	}
	i := 0
	for _, c := range []byte(digits) {
		i = i*10 + int(c-'0')
	}
	return i >= 2 && i%3 == 1
}

// second says whether the other edge of e's WeakMap entry was seen before.
func (d *distances) second(e uint32) bool {
	pair := d.ephemeronOf(e).pair
	if d.pending[pair] {
		delete(d.pending, pair)
		return true
	}
	d.pending[pair] = true
	return false
}

// DistancesIgnoring computes all distances anew as if no edge led into the
// ignored nodes: DevTools' "ignore this retainer".
func (s *Snapshot) DistancesIgnoring(ctx context.Context, ignored map[Node]bool) ([]int32, error) {
	d, err := s.newDistances(make([]int32, len(s.typ)), make([]uint32, s.queueLength()))
	if err != nil {
		return nil, err
	}
	defer d.free()
	d.ignored = ignored
	if err := d.run(ctx, nil); err != nil {
		return nil, err
	}
	return d.to, nil
}

// calculateDistances fills the distance column and, from the same walk, the
// set of nodes inside the user's program (DevTools' pageObject flag).
func (s *Snapshot) calculateDistances(ctx context.Context) (err error) {
	n := len(s.typ)
	if s.distance, err = column.Scratch[int32](&s.arena, n); err != nil {
		return err
	}
	if s.inside, err = column.MakeBits(&s.arena, n); err != nil {
		return err
	}
	queue, err := column.Scratch[uint32](&s.arena, s.queueLength())
	if err != nil {
		return err
	}
	defer column.Free(&s.arena, queue)
	d, err := s.newDistances(s.distance, queue)
	if err != nil {
		return err
	}
	defer d.free()
	return d.run(ctx, func(visited column.Bits, refused []uint32) error {
		return s.markInside(ctx, visited, refused)
	})
}
