package devtools

import (
	"cmp"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// Interface is a set of property names that many plain objects share. Objects
// that have all of them (and maybe more) form a class.
type Interface struct {
	Name       string   `json:"name"`
	Properties []string `json:"properties"`
	Count      int      `json:"count"` // objects that begin with these properties
}

const (
	minInterfaceCount   = 2    // objects an interface must have, and
	minInterfaceShare   = 1000 // one in so many of all plain objects
	maxInterfaceNameLen = 120  // UTF-16 units after which no property is added
)

// inferInterfaces is inferInterfaceDefinitions: names every shape, counts the
// names and keeps the most common.
func inferInterfaces(s *heap.Snapshot, shapes *shapes) []Interface {
	byName := map[string]int{}
	var candidates []Interface
	known := propertyTexts{}
	for i := range shapes.representative {
		name, properties := interfaceOf(s, shapes.namesOf(uint32(i)), known)
		if len(properties) == 0 {
			continue
		}
		// Two shapes can have one name: the properties of the first stand.
		at, ok := byName[name]
		if !ok {
			at = len(candidates)
			byName[name] = at
			candidates = append(candidates, Interface{Name: name, Properties: properties})
		}
		candidates[at].Count += int(shapes.count[i])
	}
	slices.SortStableFunc(candidates, func(a, b Interface) int { return cmp.Compare(b.Count, a.Count) })
	least := max(minInterfaceCount, float64(shapes.objects)/minInterfaceShare)
	end := 0
	for end < len(candidates) && float64(candidates[end].Count) >= least {
		end++
	}
	return slices.Clone(candidates[:end])
}

// propertyTexts holds property names by string ID: shapes share them.
type propertyTexts map[uint32]propertyText

type propertyText struct {
	raw, formatted string
	length         int // of formatted, in UTF-16 units
}

func (p propertyTexts) of(s *heap.Snapshot, id uint32) propertyText {
	t, ok := p[id]
	if !ok {
		t.raw = s.String(heap.StringID(id))
		t.formatted = formatPropertyName(t.raw)
		t.length = wtf8.Len(t.formatted)
		p[id] = t
	}
	return t
}

// interfaceOf names the interface that a shape suggests: its properties in file
// order, as many as fit.
func interfaceOf(s *heap.Snapshot, shape []uint32, known propertyTexts) (string, []string) {
	var name strings.Builder
	name.WriteByte('{')
	length := 1
	var properties []string
	for _, id := range shape {
		property := known.of(s, id)
		if property.raw == "__proto__" {
			continue
		}
		if length > 1 && length+property.length > maxInterfaceNameLen {
			break
		}
		// An empty first property leaves the length at 1, so that no comma
		// follows it: {"": 1, a: 1} is named {a}, as in DevTools.
		if length != 1 {
			name.WriteString(", ")
			length += 2
		}
		name.WriteString(property.formatted)
		length += property.length
		properties = append(properties, property.raw)
	}
	name.WriteByte('}')
	return name.String(), properties
}
