package testheap

import (
	"fmt"

	"github.com/plumb-dev/plumb/heap"
)

// Builder collects the parts of one snapshot. [New] makes it.
type Builder struct {
	// Format of the file; Node 20's unless changed.
	Format Format
	// Header adds fields to the header, or replaces those that the builder
	// writes, by JSON values: Header["node_count"] = 1e12.
	Header map[string]any

	nodes     []node
	edgeCount int
	strings   []string
	interned  map[string]int

	locations []location
	samples   [][2]int64
	functions []Function
	traces    []*trace
	scopes    []Scope
	sections  []section
}

type node struct {
	fields map[string]any
	edges  []edge
}

type edge struct {
	typ  string
	name any // string, or int for an index
	to   heap.Node
}

// New returns an empty builder for Node 20's format. Its string table begins
// with V8's "<dummy>".
func New() *Builder {
	b := &Builder{Format: Node20(), Header: map[string]any{}, interned: map[string]int{}}
	b.intern("<dummy>")
	return b
}

// Node adds a node and returns its position; the first one is the root. A type
// that the format does not know yet is appended to its types.
func (b *Builder) Node(typ, name string, selfSize uint64) heap.Node {
	n := heap.Node(len(b.nodes))
	b.nodes = append(b.nodes, node{fields: map[string]any{
		"type": typ, "name": b.intern(name), "id": 2*uint64(n) + 1, "self_size": selfSize,
	}})
	return n
}

// Set gives a field of n a value, written to the file as fmt.Sprint writes it:
// Set(n, "id", 8), Set(n, "detachedness", 2), Set(n, "self_size", "1.5"). A
// field that the format lacks is not written. An edge_count that is set does
// not change the edges.
func (b *Builder) Set(n heap.Node, field string, value any) {
	b.nodes[n].fields[field] = value
}

// Edge adds an edge with a string for its name.
func (b *Builder) Edge(from heap.Node, typ, name string, to heap.Node) {
	b.intern(name)
	b.addEdge(from, edge{typ, name, to})
}

// Indexed adds an edge with a number for its name: types element and hidden.
func (b *Builder) Indexed(from heap.Node, typ string, index int, to heap.Node) {
	b.addEdge(from, edge{typ, index, to})
}

// Element adds an edge of type element.
func (b *Builder) Element(from heap.Node, index int, to heap.Node) {
	b.Indexed(from, "element", index, to)
}

func (b *Builder) addEdge(from heap.Node, e edge) {
	b.nodes[from].edges = append(b.nodes[from].edges, e)
	b.edgeCount++
}

// Ephemeron adds the two edges that V8 writes for one entry of a WeakMap: from
// the table and from the key to the value.
func (b *Builder) Ephemeron(table, key, value heap.Node) {
	label := func(n heap.Node) string {
		return fmt.Sprintf("%s @%v", b.strings[b.nodes[n].fields["name"].(int)], b.nodes[n].fields["id"])
	}
	pair := fmt.Sprintf(" / part of key (%s) -> value (%s) pair in WeakMap (table @%v)",
		label(key), label(value), b.nodes[table].fields["id"])
	for _, from := range []heap.Node{key, table} {
		// V8 numbers the edges of a node that it names itself.
		b.Edge(from, "internal", fmt.Sprint(len(b.nodes[from].edges)+1)+pair, value)
	}
}

// String appends text to the string table even if it is there already, and
// returns its position: Set(n, "name", b.String("twice")).
func (b *Builder) String(text string) int {
	b.strings = append(b.strings, text)
	return len(b.strings) - 1
}

func (b *Builder) intern(text string) int {
	id, ok := b.interned[text]
	if !ok {
		id = b.String(text)
		b.interned[text] = id
	}
	return id
}
