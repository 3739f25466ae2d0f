package leak

import (
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// target follows the first edge of n with this type and one of these names.
func (g *graph) target(n heap.Node, typ heap.EdgeType, names ...string) (heap.Node, bool) {
	for e, end := g.s.Edges(n); e < end; e++ {
		if g.s.EdgeType(e) != typ {
			continue
		}
		name := g.s.EdgeName(e)
		for _, want := range names {
			if name == want {
				return g.s.EdgeTarget(e), true
			}
		}
	}
	return 0, false
}

// literal reads what the engine's own constants stand for: "true", "false",
// "null", "undefined" and so on; "" for anything else.
func (g *graph) literal(n heap.Node) string {
	if g.s.Type(n) != heap.Hidden {
		return ""
	}
	name := g.s.Name(n)
	if name != "system / Oddball" {
		return name
	}
	// Up to Node 20 the name is the first thing in it.
	if to, ok := g.target(n, heap.HiddenEdge, "0"); ok && g.s.Type(to) == heap.String {
		return g.s.Name(to)
	}
	return ""
}

// isTrue says whether property name of n is true.
func (g *graph) isTrue(n heap.Node, name string) bool {
	to, ok := g.target(n, heap.PropertyEdge, name)
	return ok && g.literal(to) == "true"
}

// visible nodes are those a programmer has a name for. The engine's arrays,
// tables and code between them are looked through.
func (g *graph) visible(n heap.Node) bool {
	switch g.s.Type(n) {
	case heap.Array, heap.Code, heap.ObjectShape:
		return false
	case heap.Hidden:
		return g.named(n)&isReaction != 0
	default:
		return true
	}
}

// value nodes are what a program makes: they are counted when they survive.
func (g *graph) value(n heap.Node) bool {
	switch g.s.Type(n) {
	case heap.Object:
		return !g.isContext(n)
	case heap.Closure, heap.RegExp, heap.String, heap.ConcatenatedString, heap.SlicedString,
		heap.Symbol, heap.BigInt, heap.Number, heap.WasmObject:
		return true
	default:
		return false
	}
}

// isContext says whether n holds the variables of a scope.
func (g *graph) isContext(n heap.Node) bool {
	return g.s.Type(n) == heap.Object && g.named(n)&isScope != 0
}

// What the name of a node says; texts are looked at once, not per node.
const (
	nameSeen uint8 = 1 << iota
	isScope
	isReaction
)

func (g *graph) named(n heap.Node) uint8 {
	id := g.s.NameID(n)
	if g.names[id] == 0 {
		g.names[id] = nameSeen
		switch name := g.s.String(id); {
		case strings.HasPrefix(name, "system / Context"):
			g.names[id] |= isScope
		case name == "system / PromiseReaction":
			g.names[id] |= isReaction
		}
	}
	return g.names[id]
}

// variable is the name of the variable that an edge from a context stands for.
// V8 writes the names of a function's variables only; those of a block are in
// the record of its scope, in the same order.
func (g *graph) variable(e heap.Edge) (string, bool) {
	context := g.s.EdgeSource(e)
	switch g.s.EdgeType(e) {
	case heap.ContextEdge:
		return g.s.EdgeName(e), true
	case heap.HiddenEdge:
		if !g.isContext(context) {
			return "", false
		}
		info, ok := g.target(context, heap.InternalEdge, "scope_info")
		if !ok {
			return "", false
		}
		name, ok := g.target(info, heap.HiddenEdge, g.s.EdgeName(e))
		return g.s.Name(name), ok && g.s.Type(name) == heap.String
	default:
		return "", false
	}
}

func (g *graph) isGlobal(n heap.Node) bool {
	name := g.s.Name(n)
	return g.s.Type(n) == heap.Object && (name == "global" || strings.HasPrefix(name, "global ") ||
		strings.HasPrefix(name, "Window") || name == "globalThis")
}

// members counts what a container holds: elements, properties, the variables
// of a context, the entries of a Map or Set. Numbers that fit in a reference
// and the engine's constants (null, true...) are no objects and not counted,
// except as values of an object used as a map, whose keys the engine keeps.
func (g *graph) members(n heap.Node) int {
	count, properties, keys := 0, 0, 0
	for e, end := g.s.Edges(n); e < end; e++ {
		to := g.s.EdgeTarget(e)
		switch g.s.EdgeType(e) {
		case heap.ElementEdge, heap.ContextEdge:
			if g.s.Type(to) != heap.Hidden {
				count++
			}
		case heap.PropertyEdge:
			if g.s.Type(to) != heap.Hidden && g.s.EdgeName(e) != "__proto__" {
				properties++
			}
		case heap.InternalEdge:
			if g.s.Type(to) != heap.Array {
				continue
			}
			switch g.s.EdgeName(e) {
			case "table":
				count += g.entries(to, g.s.Name(n) == "Set" || strings.HasSuffix(g.s.Name(n), "Set"))
			case "properties":
				keys = g.entries(to, false) // key, value, details
			}
		}
	}
	return count + max(properties, keys)
}

// entries counts the entries of a Map's or Set's table. A Map's entry is three
// slots (key, value, link), a Set's two; what is no object leaves no edge.
func (g *graph) entries(table heap.Node, set bool) int {
	var perSlot [3]int
	for e, end := g.s.Edges(table); e < end; e++ {
		to := g.s.EdgeTarget(e)
		if g.s.EdgeType(e) != heap.InternalEdge || !g.value(to) {
			continue
		}
		slot := 0
		if !set {
			slot = number(g.s.EdgeName(e)) % 3
		}
		perSlot[slot]++
	}
	return max(perSlot[0], perSlot[1], perSlot[2])
}

// number reads the decimal digits at the start of s.
func number(s string) int {
	n := 0
	for i := 0; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
