package snapgen

import (
	"math/rand/v2"
	"strconv"
)

// The types of nodes and edges, by their position in the header's lists.
const (
	hidden = iota
	array
	stringType
	object
	code
	closure
	regexp
	number
	native
	synthetic
	concatenated
	sliced
	symbol
	bigint
	shape
)

const (
	contextEdge = iota
	element
	property
	internal
	hiddenEdge
	shortcut
	weak
)

const nodeFields = 7

// ref is a node's place in the file, from 0.
type ref uint32

type node struct {
	typ         uint8
	name, size  uint32
	edges, next uint32 // how many; where the next one goes while sorting
}

type edge struct {
	from, to ref
	typ      uint8
	name     uint32
}

// part is a run of consecutive nodes with their edges in any order.
type part struct {
	first ref
	nodes []node
	edges []edge
}

// graph numbers nodes and strings and writes them. The head stays in memory,
// a unit only until flush.
type graph struct {
	*rand.Rand
	out                  *sections
	head, unit           part
	sorted               []edge
	nodeCount, edgeCount int
	stringCount          uint32
	names                map[string]uint32
}

func newGraph(r *rand.Rand, out *sections) *graph {
	g := &graph{Rand: r, out: out, names: map[string]uint32{}}
	g.name("<dummy>")
	return g
}

// name is the number of a text that many nodes and edges share.
func (g *graph) name(text string) uint32 {
	id, ok := g.names[text]
	if !ok {
		id = g.text(text)
		g.names[text] = id
	}
	return id
}

// text appends a text to the string table: ASCII, JSON escapes in place.
func (g *graph) text(text string) uint32 {
	p := g.out.strings
	if g.stringCount > 0 {
		p.buf = append(p.buf, ",\n"...)
	}
	p.buf = append(p.buf, '"')
	p.buf = append(p.buf, text...)
	p.buf = append(p.buf, '"')
	p.drain(1 << 20)
	g.stringCount++
	return g.stringCount - 1
}

func (g *graph) node(typ uint8, name, size uint32) ref {
	g.unit.nodes = append(g.unit.nodes, node{typ: typ, name: name, size: size})
	g.nodeCount++
	return ref(g.nodeCount - 1)
}

func (g *graph) edge(from ref, typ uint8, name uint32, to ref) {
	p := &g.unit
	if from < p.first {
		p = &g.head
	}
	p.nodes[from-p.first].edges++
	p.edges = append(p.edges, edge{from, to, typ, name})
	g.edgeCount++
}

func (g *graph) location(n ref, script, line, column int) {
	b := g.out.locations.buf
	if g.out.locations.written+int64(len(b)) > 0 {
		b = append(b, "\n,"...)
	}
	for i, v := range []int{int(n) * nodeFields, script, line, column} {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(v), 10)
	}
	g.out.locations.buf = b
	g.out.locations.drain(1 << 20)
}

// endHead makes what was built so far the head.
func (g *graph) endHead() {
	g.head = g.unit
	g.unit = part{first: ref(g.nodeCount)}
}

// flush writes the unit and begins a new one. Every unit must be attached to
// the head or to one before it, if it is to be reached.
func (g *graph) flush() {
	nodes, edges := g.out.nodes, g.out.edges
	nodes.buf = g.appendNodes(nodes.buf, &g.unit)
	edges.buf = g.appendEdges(edges.buf, &g.unit)
	nodes.drain(1 << 20)
	edges.drain(1 << 20)
	g.unit = part{first: ref(g.nodeCount), nodes: g.unit.nodes[:0], edges: g.unit.edges[:0]}
}

func (g *graph) headRows() (nodes, edges string) {
	n := g.appendNodes(nil, &g.head)
	e := g.appendEdges(nil, &g.head)
	return string(n[1:]), string(e[1:]) // without the first comma
}

func (g *graph) appendNodes(b []byte, p *part) []byte {
	for i := range p.nodes {
		n := &p.nodes[i]
		b = append(b, ',')
		b = strconv.AppendUint(b, uint64(n.typ), 10)
		b = append(b, ',')
		b = strconv.AppendUint(b, uint64(n.name), 10)
		b = append(b, ',')
		b = strconv.AppendUint(b, id(p.first+ref(i), n.typ), 10)
		b = append(b, ',')
		b = strconv.AppendUint(b, uint64(n.size), 10)
		b = append(b, ',')
		b = strconv.AppendUint(b, uint64(n.edges), 10)
		b = append(b, ",0,0\n"...)
	}
	return b
}

// id is unique and not quite in the order of nodes, as in V8; a C++ object's
// is even and large.
func id(n ref, typ uint8) uint64 {
	mixed := uint64(n ^ (n>>7*37)&63)
	if typ == native {
		return 1<<30 + 16*mixed
	}
	return 2*mixed + 1
}

func (g *graph) appendEdges(b []byte, p *part) []byte {
	total := uint32(0)
	for i := range p.nodes {
		p.nodes[i].next = total
		total += p.nodes[i].edges
	}
	if cap(g.sorted) < len(p.edges) {
		g.sorted = make([]edge, len(p.edges)*2)
	}
	sorted := g.sorted[:len(p.edges)]
	for _, e := range p.edges {
		n := &p.nodes[e.from-p.first]
		sorted[n.next] = e
		n.next++
	}
	for i := range sorted {
		e := &sorted[i]
		b = append(b, ',')
		b = strconv.AppendUint(b, uint64(e.typ), 10)
		b = append(b, ',')
		b = strconv.AppendUint(b, uint64(e.name), 10)
		b = append(b, ',')
		b = strconv.AppendUint(b, uint64(e.to)*nodeFields, 10)
		b = append(b, '\n')
	}
	return b
}
