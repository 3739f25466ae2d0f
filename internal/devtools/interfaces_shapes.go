package devtools

import (
	"math/bits"
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// A shape is the sequence of property names of a plain object, in file order.
// Objects share few shapes, so names are made and interfaces matched once per
// shape, not once per object.
type shapes struct {
	snap           *heap.Snapshot
	objects        int         // of all shapes
	representative []heap.Node // the first object of each shape
	count          []uint32    // objects of each shape
	hash           []uint64    // of each shape
	names          []uint32    // of all shapes, one behind the other
	end            []uint32    // of each shape's names
	slots          []uint32    // open addressing by hash: shape + 1, 0 is empty
}

func newShapes(s *heap.Snapshot) *shapes {
	return &shapes{snap: s, slots: make([]uint32, 1024)}
}

// of returns the shape of the plain object n and counts n in it.
func (p *shapes) of(n heap.Node) uint32 {
	p.objects++
	known := len(p.names)
	h := p.read(n)
	names := p.names[known:]
	mask := uint64(len(p.slots) - 1)
	at := h & mask
	for p.slots[at] != 0 {
		shape := p.slots[at] - 1
		if p.hash[shape] == h && slices.Equal(p.namesOf(shape), names) {
			p.count[shape]++
			p.names = p.names[:known]
			return shape
		}
		at = (at + 1) & mask
	}
	shape := uint32(len(p.hash))
	p.slots[at] = shape + 1
	p.representative = append(p.representative, n)
	p.count = append(p.count, 1)
	p.hash = append(p.hash, h)
	p.end = append(p.end, uint32(len(p.names)))
	if 2*len(p.hash) > len(p.slots) {
		p.grow()
	}
	return shape
}

// read appends n's property names to names and returns their hash.
func (p *shapes) read(n heap.Node) uint64 {
	const k = 0x9E3779B97F4A7C15 // 2^64 / golden ratio
	h := uint64(k)
	for e, end := p.snap.Edges(n); e < end; e++ {
		if p.snap.EdgeType(e) == heap.PropertyEdge {
			name := p.snap.EdgeNameID(e)
			p.names = append(p.names, name)
			h = (bits.RotateLeft64(h, 23) ^ uint64(name)) * k
		}
	}
	return h ^ h>>32
}

func (p *shapes) namesOf(shape uint32) []uint32 {
	first := uint32(0)
	if shape > 0 {
		first = p.end[shape-1]
	}
	return p.names[first:p.end[shape]]
}

func (p *shapes) grow() {
	p.slots = make([]uint32, 2*len(p.slots))
	mask := uint64(len(p.slots) - 1)
	for shape, h := range p.hash {
		at := h & mask
		for p.slots[at] != 0 {
			at = (at + 1) & mask
		}
		p.slots[at] = uint32(shape) + 1
	}
}
