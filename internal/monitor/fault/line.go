package fault

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// patience is how long a line is looked for: somebody waits for the answer.
const patience = 2 * time.Second

// Line is the line of a fault, 0 when that is not found. Read returns the faults of a
// text, and the same for the same text. A fault that it does not return was found
// elsewhere; it is where the file has a name that is in the words of the fault.
func Line(text []byte, fault string, read func([]byte) []string) int {
	s := &search{
		fault: fault, read: read, known: read(text), end: time.Now().Add(patience),
		whole: map[*yaml.Node][]*yaml.Node{}, needed: map[*yaml.Node][]*yaml.Node{},
	}
	if yaml.Unmarshal(text, &s.root) != nil {
		return 0
	}
	at := place{part: &s.root}
	known := s.stays()
	if known {
		s.shrink(&s.root)
		at = s.find()
	}
	if named := s.named(at.part); named != nil {
		return named.Line
	}
	if !known || s.late() {
		return 0
	}
	// Nothing, which a document may be, is where the file ends, or behind that.
	return min(at.innermost().line, bytes.Count(text, []byte("\n"))+1)
}

// place is a part and the line where it begins.
type place struct {
	part *yaml.Node
	line int
}

// find finds the place in what has been shrunk: what takes the fault out of the whole
// file, or, where that has other faults, out of the rest.
func (s *search) find() place {
	for n, all := range s.whole {
		n.Content = all
	}
	found := s.smallest(&s.root)
	for n, needed := range s.needed {
		n.Content = needed
	}
	if found == nil {
		found = s.smallest(&s.root)
	}
	if found == nil {
		found = &place{part: &s.root}
	}
	return *found
}

// innermost is the last of the parts in a place that has no parts itself.
func (p place) innermost() place {
	for n := p.part; len(n.Content) > 0; n = p.part {
		at := len(n.Content) - part(n)
		p = place{n.Content[at+part(n)-1], n.Content[at].Line}
	}
	return p
}

// search is for the place of one fault.
type search struct {
	fault  string
	read   func([]byte) []string
	known  []string // faults of the whole text
	root   yaml.Node
	whole  map[*yaml.Node][]*yaml.Node // what nodes had
	needed map[*yaml.Node][]*yaml.Node // and what is left of it
	end    time.Time
}

func (s *search) late() bool { return time.Now().After(s.end) }

// stays tells whether what is left of the file has the fault.
func (s *search) stays() bool { return slices.Contains(s.faults(), s.fault) }

// mended tells whether what is left has neither the fault nor a new one.
func (s *search) mended() bool {
	return !slices.ContainsFunc(s.faults(), func(f string) bool { return f == s.fault || !slices.Contains(s.known, f) })
}

// faults are those of what is left.
func (s *search) faults() []string {
	unknown := []string{"unknown"} // neither the fault nor none
	if s.late() {
		return unknown
	}
	text, err := yaml.Marshal(&s.root)
	if err != nil {
		return unknown
	}
	return s.read(text)
}

// part is how many nodes a part of n is: a key and its value, or one entry.
func part(n *yaml.Node) int {
	if n.Kind == yaml.MappingNode {
		return 2
	}
	return 1
}

// shrink leaves out all parts of n that the fault does not need. Of two that have the
// same fault, the first one stays.
func (s *search) shrink(n *yaml.Node) {
	s.whole[n] = n.Content
	s.leaveOut(n, 0, len(n.Content)/part(n))
	s.needed[n] = n.Content
	for _, child := range n.Content {
		s.shrink(child)
	}
}

// leaveOut leaves out what can go of the parts from a to b, by halves.
func (s *search) leaveOut(n *yaml.Node, a, b int) {
	if a == b || n.Kind == yaml.DocumentNode || s.late() {
		return
	}
	whole := n.Content
	n.Content = slices.Concat(whole[:a*part(n)], whole[b*part(n):])
	if s.stays() {
		return
	}
	n.Content = whole
	if b-a == 1 {
		return
	}
	middle := (a + b) / 2
	s.leaveOut(n, middle, b)
	s.leaveOut(n, a, middle)
}

// smallest is the smallest part below n without which the fault is mended, nil for none.
// Of two, such as a name and the same once more, it is the last.
func (s *search) smallest(n *yaml.Node) *place {
	for at := len(n.Content) - part(n); at >= 0 && !s.late(); at -= part(n) {
		value := n.Content[at+part(n)-1]
		if _, needed := s.needed[value]; !needed {
			continue
		}
		if found := s.smallest(value); found != nil {
			return found
		}
		if n.Kind == yaml.DocumentNode {
			continue
		}
		whole := n.Content
		n.Content = slices.Concat(whole[:at], whole[at+part(n):])
		mended := s.mended()
		n.Content = whole
		if mended {
			return &place{value, whole[at].Line}
		}
	}
	return nil
}

// named is the value below n that the words of the fault have, the longest and last of
// them, or the key of which they speak as a field; nil for none.
func (s *search) named(n *yaml.Node) (found *yaml.Node) {
	if n.Kind == yaml.ScalarNode && s.says(n.Value) {
		return n
	}
	for at := part(n) - 1; at < len(n.Content); at += part(n) {
		if n.Kind == yaml.MappingNode && strings.Contains(s.fault, "field "+n.Content[at-1].Value+" ") {
			return n.Content[at-1]
		}
		if one := s.named(n.Content[at]); one != nil && (found == nil || len(one.Value) >= len(found.Value)) {
			found = one
		}
	}
	return found
}

// says tells whether a value is among the words of the fault, and no common word.
func (s *search) says(value string) bool {
	const shortest = 4
	if len(value) < shortest {
		return strings.Contains(s.fault, strconv.Quote(value))
	}
	for rest := s.fault; ; {
		before, after, found := strings.Cut(rest, value)
		if !found {
			return false
		}
		last, _ := utf8.DecodeLastRuneInString(before)
		first, _ := utf8.DecodeRuneInString(after)
		if !isWord(last) && !isWord(first) {
			return true
		}
		rest = after
	}
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
