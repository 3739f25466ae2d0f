package syntax

import (
	"fmt"
	"strings"
)

// The bounds of nesting. Parsers and walkers call themselves for what is nested,
// and a Go program whose stack is full ends at once: no recover helps.
const (
	maxDepth  = 2_000   // of brackets
	maxRun    = 200_000 // bytes of one expression or header
	maxElse   = 5_000   // of one if
	maxLabels = 1_000   // of one statement
	maxHidden = 50_000  // brackets in what may be no text
)

// checkDepth refuses a text that nests too deep. A run is what stands between
// two separators, without strings: it bounds operators that nest with no
// bracket, as a ? b : c ? d : e and !!!!a do.
func checkDepth(src string) error {
	n := nesting{src: src, elses: []int{0}}
	// Without a parser it cannot be told what begins with a slash after a bracket, nor
	// what is text in JSX.
	n.doubt = strings.Contains(src, "</") || strings.Contains(src, "/>")
	for i := 0; i < len(src); {
		if src[i] <= ' ' {
			i++
			continue
		}
		next := n.token(i)
		if reason := n.tooMuch(); reason != "" {
			return &Error{Line: 1 + strings.Count(src[:i], "\n"), Column: 1, Reason: reason}
		}
		i = next
	}
	return nil
}

// nesting is what is open at a place of a text.
type nesting struct {
	src       string
	open      []byte // brackets
	templates []int  // how many brackets are open inside of each ${
	elses     []int  // of the last if, at the top and in each bracket
	run       int
	labels    int
	doubt     bool // what is taken for text may be none
	hidden    int  // brackets in such text

	// The two tokens before: their first byte, 'w' for a word, '"' for text.
	last, before byte
	word         string // that the last one is
}

// token reads what begins at i and returns where the next may begin.
func (n *nesting) token(i int) int {
	src, c := n.src, n.src[i]
	kind, end := c, i+1
	n.run++
	switch {
	case c == '"' || c == '\'':
		kind, end = '"', n.text(i, endOfString(src, i))
	case c == '`', c == '}' && len(n.templates) > 0 && n.templates[len(n.templates)-1] == len(n.open):
		if c == '}' {
			n.templates = n.templates[:len(n.templates)-1]
			n.leave()
		}
		stop, open := endOfTemplate(src, i)
		kind, end = '"', n.text(i, stop)
		if open {
			kind = '{'
			n.enter('{')
			n.templates = append(n.templates, len(n.open))
		}
	case c == '/' && i+1 < len(src) && (src[i+1] == '/' || src[i+1] == '*'):
		return n.text(i, endOfComment(src, i))
	case c == '/' && n.beginsRegexp():
		kind, end = '"', n.text(i, endOfRegexp(src, i))
	case c == '(' || c == '[' || c == '{':
		n.enter(c)
	case c == ')' || c == ']' || c == '}':
		n.leave()
		if c == '}' {
			n.run = 0
		}
	case c == ',', c == ';' && !n.inHeader():
		n.run = 0
	case c == ':':
		if n.labels++; n.last != 'w' || n.before != ':' {
			n.labels = 0
		}
	case isWord(c):
		for end < len(src) && isWord(src[end]) {
			end++
		}
		kind, n.word = 'w', src[i:end]
		n.run += end - i - 1
		n.branch()
	}
	n.before, n.last = n.last, kind
	return end
}

func (n *nesting) enter(c byte) {
	n.open = append(n.open, c)
	n.elses = append(n.elses, 0)
	if c == '{' {
		n.run = 0
	}
}

func (n *nesting) leave() {
	if last := len(n.open) - 1; last >= 0 {
		n.open, n.elses = n.open[:last], n.elses[:last+1]
	}
}

// inHeader says whether a semicolon is one of for (;;).
func (n *nesting) inHeader() bool { return len(n.open) > 0 && n.open[len(n.open)-1] == '(' }

// branch counts else: if (a) b; else if (c) d; else ... nests with no bracket.
func (n *nesting) branch() {
	at := len(n.elses) - 1
	switch {
	case n.word == "else":
		n.elses[at]++
	case n.last == ';' || n.last == '}':
		n.elses[at] = 0
	}
}

// text passes over a string, a comment or the like.
func (n *nesting) text(from, to int) int {
	if to = min(to, len(n.src)); n.doubt {
		for _, bracket := range [...]string{"(", "[", "{"} {
			n.hidden += strings.Count(n.src[from:to], bracket)
		}
	}
	return to
}

// beginsRegexp says whether a slash begins a regular expression: it divides after
// what has a value.
func (n *nesting) beginsRegexp() bool {
	switch n.last {
	case 'w':
		n.doubt = n.doubt || names[n.word]
		return n.before != '.' && beforeRegexp[n.word]
	case ']', '"':
		return false
	case ')', '}':
		n.doubt = true
		return n.last == '}'
	case '+', '-', '!', '>': // a++ / b, and the types of TypeScript
		n.doubt = true
	}
	return n.last != '.'
}

func (n *nesting) tooMuch() string {
	switch {
	case len(n.open) > maxDepth:
		return fmt.Sprintf("brackets are nested more than %d deep", maxDepth)
	case n.run > maxRun:
		return fmt.Sprintf("one expression is longer than %d kB", maxRun/1000)
	case n.elses[len(n.elses)-1] > maxElse:
		return fmt.Sprintf("one if has more than %d else", maxElse)
	case n.labels > maxLabels:
		return fmt.Sprintf("one statement has more than %d labels", maxLabels)
	case n.hidden > maxHidden:
		return fmt.Sprintf("strings and comments have more than %d brackets: how deep those are nested is in doubt", maxHidden)
	}
	return ""
}

// beforeRegexp are the words after which a slash begins a regular expression.
var beforeRegexp = map[string]bool{
	"return": true, "typeof": true, "case": true, "in": true, "delete": true, "void": true,
	"throw": true, "new": true, "do": true, "else": true, "instanceof": true,
	"of": true, "await": true, "yield": true,
}

// names are those among them that a variable can have.
var names = map[string]bool{"of": true, "await": true, "yield": true}

func isWord(c byte) bool {
	return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

func endOfString(src string, i int) int {
	quote := src[i]
	for i++; i < len(src) && src[i] != quote && src[i] != '\n'; i++ {
		if src[i] == '\\' {
			i++
		}
	}
	return i + 1
}

func endOfTemplate(src string, i int) (end int, open bool) {
	for i++; i < len(src); i++ {
		switch {
		case src[i] == '\\':
			i++
		case src[i] == '`':
			return i + 1, false
		case src[i] == '$' && i+1 < len(src) && src[i+1] == '{':
			return i + 2, true
		}
	}
	return i, false
}

func endOfComment(src string, i int) int {
	mark, skip := "\n", 1
	if src[i+1] == '*' {
		mark, skip = "*/", 2
	}
	if n := strings.Index(src[i+2:], mark); n >= 0 {
		return i + 2 + n + skip
	}
	return len(src)
}

func endOfRegexp(src string, i int) int {
	class := false
	for i++; i < len(src) && src[i] != '\n' && (class || src[i] != '/'); i++ {
		switch src[i] {
		case '\\':
			i++
		case '[':
			class = true
		case ']':
			class = false
		}
	}
	return i + 1
}
