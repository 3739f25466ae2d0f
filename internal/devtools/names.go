package devtools

import (
	"strings"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

const (
	maxPlainNameLen = 100     // UTF-16 units of a plain object's name
	maxConsNameLen  = 1024    // UTF-16 units after which no part is added
	maxConsSteps    = 1 << 20 // parts looked at: DevTools hangs on a cycle
)

// DisplayName is the name of n as the grids show it: for a string made by
// concatenation its text, for a plain object its first and last properties,
// for others the raw name.
func (v *View) DisplayName(n heap.Node) string {
	s := v.snap
	switch s.Type(n) {
	case heap.ConcatenatedString:
		return consStringName(s, n)
	case heap.Object:
		name := s.Name(n)
		if name == "Object" {
			return plainObjectName(s, n)
		}
		return name
	default:
		return s.Name(n)
	}
}

// consStringName joins the parts of a string made by concatenation, left to
// right, until there are 1024 units; the last part is not cut.
func consStringName(s *heap.Snapshot, n heap.Node) string {
	var name strings.Builder
	length := 0
	names := newConsNames(s)
	stack := []heap.Node{n}
	for steps := 0; len(stack) > 0 && length < maxConsNameLen && steps < maxConsSteps; steps++ {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s.Type(at) != heap.ConcatenatedString {
			text := s.Name(at)
			length += wtf8.Len(text)
			wtf8.Append(&name, text)
			continue
		}
		first, second := names.parts(s, at)
		stack = append(stack, second, first)
	}
	return name.String()
}

// consNames are the names of the edges from a concatenated string to its parts.
type consNames struct{ first, second []heap.StringID }

func newConsNames(s *heap.Snapshot) consNames {
	return consNames{s.FindStrings("first"), s.FindStrings("second")}
}

// parts returns the two parts of a concatenated string. A part that is
// missing, or is node 0, counts as not found: the search goes on, a later edge
// may replace the other part, and node 0 stands for it in the end.
func (p consNames) parts(s *heap.Snapshot, n heap.Node) (first, second heap.Node) {
	for e, end := s.Edges(n); e < end && (first == 0 || second == 0); e++ {
		if s.EdgeType(e) != heap.InternalEdge {
			continue
		}
		switch name := heap.StringID(s.EdgeNameID(e)); {
		case contains(p.first, name):
			first = s.EdgeTarget(e)
		case contains(p.second, name):
			second = s.EdgeTarget(e)
		}
	}
	return first, second
}

// plainObjectName takes properties from the start and the end of the object in
// turn while the name has room: {a, b, …, y, z}.
func plainObjectName(s *heap.Snapshot, n heap.Node) string {
	var head, tail []string
	headLen, tailLen := 1, 1 // with the braces
	first, end := s.Edges(n)
	from, to := int64(first), int64(end)-1
	fromEnd := false
	for from <= to {
		e := heap.Edge(from)
		if fromEnd {
			e = heap.Edge(to)
		}
		// What is no property is skipped on the side whose turn it is, and the
		// turn does not change.
		property := ""
		isProperty := s.EdgeType(e) == heap.PropertyEdge
		if isProperty {
			property = s.EdgeName(e)
		}
		if !isProperty || property == "__proto__" {
			if fromEnd {
				to--
			} else {
				from++
			}
			continue
		}
		formatted := formatPropertyName(property)
		length := wtf8.Len(formatted)
		if headLen > 1 && headLen+tailLen+length > maxPlainNameLen {
			break
		}
		if fromEnd {
			to--
			if tailLen > 1 {
				tailLen += 2
			}
			tail = append(tail, formatted)
			tailLen += length
		} else {
			from++
			if headLen > 1 {
				headLen += 2
			}
			head = append(head, formatted)
			headLen += length
		}
		fromEnd = !fromEnd
	}
	return joinPlainName(head, tail, from <= to)
}

// joinPlainName puts the name together; tail is in reverse order. Commas go by
// the length so far, as in DevTools: an empty property name leaves none.
func joinPlainName(head, tail []string, more bool) string {
	var name strings.Builder
	name.WriteByte('{')
	for _, property := range head {
		if name.Len() > 1 {
			name.WriteString(", ")
		}
		name.WriteString(property)
	}
	if more {
		name.WriteString(", …")
	}
	end := "}"
	for _, property := range tail {
		if len(end) > 1 {
			end = ", " + end
		}
		end = property + end
	}
	if len(end) > 1 {
		name.WriteString(", ")
	}
	name.WriteString(end)
	return name.String()
}

// formatPropertyName quotes a name that would confuse the reader of a list of
// names in braces.
func formatPropertyName(name string) string {
	if strings.ContainsAny(name, `,'"{}`) {
		return wtf8.Quote(name)
	}
	return name
}
