package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A randomGraph is a heap that no program would make: names, types and edges
// that the engine treats in a special way, put together blindly.
type randomGraph struct {
	*rand.Rand
	nodes                []randomNode
	nextID               uint64
	traced, detachedness bool
	wideLocations        bool
	rootLast             bool
	strings              []string // as JSON literals; may hold duplicates
	stringAt             map[string]int
	functions            int
}

type randomNode struct {
	kind, name string
	id         uint64
	size       uint64
	state      int // detachedness
	edges      []randomEdge
	location   []int
}

type randomEdge struct {
	kind string
	name any    // a string or a number
	to   uint64 // id
}

var (
	nodeKinds = strings.Split("hidden,array,string,object,code,closure,regexp,number,native,synthetic,"+
		"concatenated string,sliced string,symbol,bigint,object shape,wasm object", ",")
	edgeKinds = strings.Split("context,element,property,internal,hidden,shortcut,weak", ",")
	nodeNames = []string{
		`""`, `"Object"`, `"Object"`, `"Object"`, `"Array"`, `"Foo"`, `"Foo"`, `"Bar"`, `"Function"`, `"RegExp"`, `"(system)"`,
		`"(string)"`, `"{a, b}"`, `"Detached X"`, `"X"`, `"<div>"`, `"<div id=\"a\">"`, `"<div"`, `"Detached <p class=\"x\">"`,
		`"Detached <p"`, `"Detached "`, `"system / Context"`, `"system / Context / f"`, `"system / NativeContext"`,
		`"system / NativeContext / x"`, `"system / ExternalStringData"`, `"system / JSArrayBufferData"`, `"(map descriptors)"`,
		`"V8EventListener"`, `"(Document DOM trees)"`, `"(GC roots)"`, `"bool"`, `"true"`, `"false"`, `"int"`, `"5"`, `"-7"`, `"12abc"`,
		`"日本"`, `"\u65E5\u672C"`, `"\uD83D\uDE00"`, `"\uD83D"`, `"\uDE00x"`, `"\uFFFD"`, `"\uE000"`, `"a\nb"`, `"q\"\\"`, `"5,6,7,Foo"`,
		`"\u2028"`, `"A"`, `"a"`, `"\u00e9"`, `"long text that is the same"`,
	}
	propertyNames = []string{
		`"a"`, `"b"`, `"c"`, `"a,b"`, `"q'"`, `"{"`, `"new\nline"`, `"__proto__"`, `"constructor"`, `"\u65E5"`, `"\uD83D"`, `""`,
		`"property with a rather long name that fills the line"`, `"0"`, `"10"`,
	}
	internalNames = []string{
		`"map"`, `"map"`, `"native_context"`, `"elements"`, `"first"`, `"second"`, `"code"`, `"truncated"`, `"value"`, `"length"`, `"hash"`,
		`"properties"`, `"sloppy_function_map"`, `"1"`, `"context"`, `"shared"`,
	}
	contextNames  = []string{`"v"`, `"this"`, `"a"`}
	shortcutNames = []string{`"global"`, `"12abc"`, `"7"`, `"x / DevTools console"`, `" 3"`, `"-0"`, `"+5"`, `"0x1f"`, `"1e3"`}
	weakNames     = []string{`"w"`, `"1"`}
)

// randomSnapshots makes snapshots of one pretended process.
func randomSnapshots(seed uint64) [][]byte {
	g := &randomGraph{Rand: rand.New(rand.NewPCG(seed, 7)), nextID: 1}
	g.traced, g.detachedness = g.IntN(3) == 0, g.IntN(5) > 0
	g.wideLocations, g.rootLast = g.IntN(2) == 0, g.IntN(8) == 0
	g.functions = 1 + g.IntN(6)
	g.add("synthetic", `""`, 0)
	for range 20 + g.IntN(300) {
		g.grow()
	}
	g.connect(0)
	first := g.write()
	for range 10 + g.IntN(60) {
		g.change()
	}
	known := len(g.nodes)
	for range g.IntN(60) {
		g.grow()
	}
	g.connect(known)
	return [][]byte{first, g.write()}
}

func pickOne[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func (g *randomGraph) add(kind, name string, size uint64) *randomNode {
	id := g.nextID
	g.nextID += uint64(1 + g.IntN(3))
	g.nodes = append(g.nodes, randomNode{kind: kind, name: name, id: id, size: size})
	return &g.nodes[len(g.nodes)-1]
}

func (g *randomGraph) grow() {
	n := g.add(pickOne(g.Rand, nodeKinds), pickOne(g.Rand, nodeNames), 0)
	switch g.IntN(8) {
	case 0, 1:
		n.kind, n.name = "object", `"Object"`
	case 2:
		n.kind = "native"
	case 3:
		n.kind = pickOne(g.Rand, []string{"hidden", "array"})
	case 4:
		n.kind = pickOne(g.Rand, []string{"string", "concatenated string"})
	}
	switch g.IntN(10) {
	case 0, 1:
	case 2:
		n.size = uint64(g.Uint32())
	default:
		n.size = uint64(g.IntN(200))
	}
	if g.IntN(4) == 0 {
		n.state = g.IntN(3)
	}
	if g.IntN(5) == 0 {
		n.location = []int{g.IntN(3), g.IntN(4), g.IntN(4)}
	}
}

// connect gives edges to the nodes from the given position on, and some to
// the others.
func (g *randomGraph) connect(from int) {
	if from == 0 {
		for range 2 + g.IntN(8) {
			g.edge(0, pickOne(g.Rand, []string{"shortcut", "shortcut", "element", "element", "weak", "property"}))
		}
	}
	for i := max(from, 1); i < len(g.nodes); i++ {
		if g.IntN(12) > 0 { // most nodes have a holder before them
			g.link(g.IntN(i), pickOne(g.Rand, []string{"property", "internal", "element", "hidden", "context"}), g.nodes[i].id)
		}
		for range g.IntN(4) {
			g.edge(i, pickOne(g.Rand, edgeKinds))
		}
		if g.nodes[i].name == `"Object"` {
			for range g.IntN(5) {
				g.edge(i, "property")
			}
		}
	}
	for range g.IntN(len(g.nodes)/4 + 1) {
		g.ephemeron()
	}
	for range g.IntN(6) {
		g.cutString()
	}
}

// cutString makes a string that V8 has cut, with its length and hash if at all
// known, as captures with numeric values show them.
func (g *randomGraph) cutString() {
	kind := pickOne(g.Rand, []string{"string", "string", "concatenated string", "sliced string"})
	text := g.add(kind, `"long text that is the same"`, 8+uint64(g.IntN(3))).id
	g.link(0, "element", text)
	value := func(edge, box, literal string) {
		from := slices.IndexFunc(g.nodes, func(n randomNode) bool { return n.id == text })
		number := g.add("number", box, 0).id
		leaf := g.add("string", literal, 0).id
		g.nodes[from].edges = append(g.nodes[from].edges, randomEdge{"internal", edge, number})
		g.nodes[len(g.nodes)-2].edges = []randomEdge{{"internal", `"value"`, leaf}}
	}
	value(`"truncated"`, pickOne(g.Rand, []string{`"bool"`, `"bool"`, `"bool"`, `"int"`}), pickOne(g.Rand, []string{`"true"`, `"true"`, `"false"`}))
	if g.IntN(6) > 0 {
		value(`"length"`, `"int"`, pickOne(g.Rand, []string{`"1500"`, `"1501"`}))
	}
	if g.IntN(6) > 0 {
		value(`"hash"`, `"int"`, pickOne(g.Rand, []string{`"7"`, `"-7"`, `"8"`, `"7x"`, `"x"`, `""`}))
	}
}

func (g *randomGraph) edge(from int, kind string) {
	g.link(from, kind, g.nodes[g.IntN(len(g.nodes))].id)
}

func (g *randomGraph) link(from int, kind string, to uint64) {
	names := map[string][]string{"property": propertyNames, "internal": internalNames, "context": contextNames, "shortcut": shortcutNames, "weak": weakNames}
	e := randomEdge{kind: kind, to: to}
	if pool := names[kind]; pool != nil {
		e.name = pickOne(g.Rand, pool)
	} else {
		e.name = g.IntN(12)
	}
	// A concatenated string within itself would keep the engine busy for ever.
	holder := g.nodes[from]
	if holder.kind == "concatenated string" && to <= holder.id && (e.name == `"first"` || e.name == `"second"`) {
		e.name = `"map"`
	}
	g.nodes[from].edges = append(g.nodes[from].edges, e)
}

// ephemeron makes the two edges of a WeakMap's entry, at times not quite.
func (g *randomGraph) ephemeron() {
	table, key, value := g.IntN(len(g.nodes)), g.IntN(len(g.nodes)), g.IntN(len(g.nodes))
	named := pickOne(g.Rand, []string{"Key", "K\\nL", "K / x", "", "\\u2028", "日本"})
	tail := fmt.Sprintf(" / part of key (%s @%d) -> value (V @%d) pair in WeakMap (table @%d)", named, g.nodes[key].id, g.nodes[value].id, g.nodes[table].id)
	if g.IntN(10) == 0 {
		tail = tail[:len(tail)-g.IntN(6)]
	}
	for _, from := range []int{table, key} {
		if g.IntN(15) > 0 {
			name := fmt.Sprintf(`"%d%s"`, g.IntN(30), tail)
			g.nodes[from].edges = append(g.nodes[from].edges, randomEdge{"internal", name, g.nodes[value].id})
		}
	}
}

// change lets time pass: a node goes, grows, gets another name or loses an edge.
func (g *randomGraph) change() {
	at := 1 + g.IntN(len(g.nodes)-1)
	n := &g.nodes[at]
	switch g.IntN(4) {
	case 0:
		gone := n.id
		g.nodes = slices.Delete(g.nodes, at, at+1)
		for i := range g.nodes {
			g.nodes[i].edges = slices.DeleteFunc(g.nodes[i].edges, func(e randomEdge) bool { return e.to == gone })
		}
	case 1:
		n.size = uint64(g.IntN(300))
	case 2:
		n.name = pickOne(g.Rand, nodeNames)
	case 3:
		if len(n.edges) > 0 {
			n.edges = n.edges[1:]
		}
	}
	if len(g.nodes) < 10 {
		g.grow()
	}
}

// str is the position of a string in the table. V8 writes some twice.
func (g *randomGraph) str(literal string) int {
	if at, ok := g.stringAt[literal]; ok && g.IntN(20) > 0 {
		return at
	}
	g.strings = append(g.strings, literal)
	g.stringAt[literal] = len(g.strings) - 1
	return len(g.strings) - 1
}

// write writes the snapshot, in one of the layouts that are about.
func (g *randomGraph) write() []byte {
	g.strings, g.stringAt = []string{`"<dummy>"`}, map[string]int{}
	order := slices.Clone(g.nodes)
	// A part that a concatenated string lacks is node 0 to the engine.
	rootLast := g.rootLast && g.nodes[1].kind != "concatenated string"
	if rootLast {
		order = append(order[1:], order[0])
	}
	fields := []string{"type", "name", "id", "self_size", "edge_count"}
	fieldTypes := []any{nodeKinds, "string", "number", "number", "number"}
	if g.traced {
		fields, fieldTypes = append(fields, "trace_node_id"), append(fieldTypes, "number")
	}
	if g.detachedness {
		fields, fieldTypes = append(fields, "detachedness"), append(fieldTypes, "number")
	}
	index := map[uint64]int{}
	for i, n := range order {
		index[n.id] = i * len(fields)
	}
	var nodes, edges, locations [][]int
	for i, n := range order {
		row := []int{slices.Index(nodeKinds, n.kind), g.str(n.name), int(n.id), int(n.size), len(n.edges)}
		if g.traced {
			row = append(row, g.IntN(12))
		}
		if g.detachedness {
			row = append(row, n.state)
		}
		nodes = append(nodes, row)
		for _, e := range n.edges {
			name, ok := e.name.(int)
			if !ok {
				name = g.str(e.name.(string))
			}
			edges = append(edges, []int{slices.Index(edgeKinds, e.kind), name, index[e.to]})
		}
		if n.location != nil {
			row := []int{i * len(fields), n.location[0], n.location[1], n.location[2]}
			if g.wideLocations {
				row = slices.Insert(row, 2, 0)
			}
			locations = append(locations, row)
		}
	}
	locationFields := []string{"object_index", "script_id", "line", "column"}
	if g.wideLocations {
		locationFields = slices.Insert(locationFields, 2, "script_object_index")
	}
	var functions, samples [][]int
	var tree any = []int{}
	if g.traced {
		for i := range g.functions {
			functions = append(functions, []int{i, g.str(pickOne(g.Rand, propertyNames)), g.str(`"file.js"`), i, g.IntN(50), g.IntN(50)})
		}
		id := 1
		tree = g.traceTree(&id, 4)
	}
	if g.IntN(2) == 0 {
		at, last := 0, 0
		for range g.IntN(6) {
			at, last = at+g.IntN(90000), last+g.IntN(200)
			samples = append(samples, []int{at, last})
		}
	}
	meta := map[string]any{
		"node_fields": fields, "node_types": fieldTypes,
		"edge_fields":                []string{"type", "name_or_index", "to_node"},
		"edge_types":                 []any{edgeKinds, "string_or_number", "node"},
		"trace_function_info_fields": []string{"function_id", "name", "script_name", "script_id", "line", "column"},
		"trace_node_fields":          []string{"id", "function_info_index", "count", "size", "children"},
		"sample_fields":              []string{"timestamp_us", "last_assigned_id"}, "location_fields": locationFields,
	}
	header := map[string]any{"meta": meta, "node_count": len(nodes), "edge_count": len(edges), "trace_function_count": len(functions)}
	if rootLast {
		header["root_index"] = (len(order) - 1) * len(fields)
	}
	if g.IntN(2) == 0 {
		header["extra_native_bytes"] = g.IntN(5000)
	}
	layout := g.IntN(3)
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"snapshot":%s,%s"nodes":%s,%s"edges":%s,`, encoded(header), newline(layout), numbers(nodes, layout), newline(layout), numbers(edges, layout))
	fmt.Fprintf(&b, `"trace_function_infos":%s,"trace_tree":%s,"samples":%s,"locations":%s,`, numbers(functions, layout), encoded(tree), numbers(samples, layout), numbers(locations, layout))
	fmt.Fprintf(&b, `"strings":[%s]}`, strings.Join(g.strings, ","+newline(layout)))
	return b.Bytes()
}

// traceTree makes a node of the tree of stacks and all below.
func (g *randomGraph) traceTree(id *int, depth int) []any {
	node := []any{*id, g.IntN(g.functions), g.IntN(4), g.IntN(1000), nil}
	*id++
	children := []any{}
	if depth > 0 {
		for range g.IntN(4) {
			children = append(children, g.traceTree(id, depth-1)...)
		}
	}
	node[4] = children
	return node
}

func encoded(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func newline(layout int) string { return []string{"", "\n", "\r\n  "}[layout] }

// numbers writes rows as a flat array: all on one line, a row per line, or
// each row on a line that begins with the comma.
func numbers(rows [][]int, layout int) string {
	var b strings.Builder
	for i, row := range rows {
		if i > 0 {
			b.WriteString([]string{",", ",\n", "\n, "}[layout])
		}
		b.WriteString(strings.Trim(encoded(row), "[]"))
	}
	return "[" + b.String() + "]"
}
