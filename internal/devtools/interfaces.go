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
	for i, representative := range shapes.representative {
		name, properties := interfaceOf(s, representative)
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

// interfaceOf names the interface that n suggests: its properties in file
// order, as many as fit.
func interfaceOf(s *heap.Snapshot, n heap.Node) (string, []string) {
	var name strings.Builder
	name.WriteByte('{')
	length := 1
	var properties []string
	for property := range propertyNames(s, n) {
		if property == "__proto__" {
			continue
		}
		formatted := formatPropertyName(property)
		add := wtf8.Len(formatted)
		if length > 1 && length+add > maxInterfaceNameLen {
			break
		}
		// An empty first property leaves the length at 1, so that no comma
		// follows it: {"": 1, a: 1} is named {a}, as in DevTools.
		if length != 1 {
			name.WriteString(", ")
			length += 2
		}
		name.WriteString(formatted)
		length += add
		properties = append(properties, property)
	}
	name.WriteByte('}')
	return name.String(), properties
}
