package leak

import (
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// maxShape caps the text of a shape, bytes.
const maxShape = 80

// class is what a programmer calls the kind of an object.
func (g *graph) class(n heap.Node) string {
	name := g.s.Name(n)
	switch g.s.Type(n) {
	case heap.Object:
		switch {
		case name == "Object":
			if shape := g.shape(n); shape != "" {
				return shape
			}
		case g.isContext(n):
			return "Context"
		}
		return name
	case heap.Closure:
		if name == "" {
			return "anonymous function"
		}
		return "function " + name
	case heap.String, heap.ConcatenatedString, heap.SlicedString, heap.Symbol, heap.BigInt, heap.RegExp, heap.Number:
		return g.s.TypeName(n)
	case heap.Hidden:
		return strings.TrimPrefix(name, "system / ")
	default:
		if name == "" {
			return g.s.TypeName(n)
		}
		return strings.TrimPrefix(name, "system / ")
	}
}

// memberClass is the class of a member. Of an object used as a map or of a Map
// whose values are numbers only the keys are objects: they stand for their
// property or entry.
func (f *finder) memberClass(p *growth, member heap.Node) string {
	key := f.s.Type(member) == heap.String || f.s.Type(member) == heap.Symbol || f.s.Type(member) == heap.ConcatenatedString
	if from := f.parent[member]; p.kind == wide && key && f.s.Type(p.holder) == heap.Object && from != heap.Node(none) && f.s.Type(from) == heap.Array {
		switch in := f.s.EdgeName(f.via[from]); {
		case in == "properties":
			return "property"
		case in == "table" && strings.HasSuffix(f.s.Name(p.holder), "Map"):
			return "entry"
		}
	}
	return f.class(member)
}

// shape is a plain object by its property names, sorted: {id, name}; "" for
// an object without any, or with so many that it must be a dictionary.
func (g *graph) shape(n heap.Node) string {
	var names []string
	for e, end := g.s.Edges(n); e < end; e++ {
		if g.s.EdgeType(e) == heap.PropertyEdge {
			if name := g.s.EdgeName(e); name != "__proto__" {
				names = append(names, name)
			}
		}
		if len(names) > 24 {
			return ""
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.SortFunc(names, wtf8.Compare)
	text := "{" + strings.Join(names, ", ") + "}"
	if len(text) > maxShape {
		cut := strings.LastIndex(text[:maxShape], ", ")
		if cut < 0 {
			return ""
		}
		text = text[:cut] + ", …}"
	}
	return text
}
