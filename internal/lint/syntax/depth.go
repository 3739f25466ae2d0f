package syntax

import (
	"fmt"
	"strings"
)

// The bounds of nesting. Parsers and walkers call themselves for what is nested,
// and a Go program whose stack is full ends at once: no recover helps.
const (
	maxDepth = 2_000   // of brackets
	maxRun   = 200_000 // bytes of one expression or header
)

// checkDepth refuses a text that nests too deep. A run is what stands between
// two separators, without strings: it bounds operators that nest with no
// bracket, as a ? b : c ? d : e and !!!!a do.
func checkDepth(src string) error {
	depth, run, regexp := 0, 0, true
	var templates []int // depths at which a ${ began
	for i := 0; i < len(src); {
		c := src[i]
		run++
		switch {
		case c <= ' ':
			run--
			i++
			continue
		case c == '"' || c == '\'':
			i = endOfString(src, i)
			regexp = false
			continue
		case c == '`', c == '}' && len(templates) > 0 && templates[len(templates)-1] == depth:
			if c == '}' {
				templates = templates[:len(templates)-1]
				depth--
			}
			end, open := endOfTemplate(src, i)
			i = end
			if regexp = open; open {
				depth++
				templates = append(templates, depth)
			}
		case c == '/' && i+1 < len(src) && (src[i+1] == '/' || src[i+1] == '*'):
			i = endOfComment(src, i)
			continue
		case c == '/' && regexp:
			i = endOfRegexp(src, i)
			regexp = false
			continue
		case c == '(' || c == '[' || c == '{':
			depth++
			i++
			regexp = true
			if c == '{' {
				run = 0
			}
		case c == ')' || c == ']' || c == '}':
			depth = max(depth-1, 0)
			i++
			regexp = c == '}'
			if c == '}' {
				run = 0
			}
		case c == ';' || c == ',':
			run = 0
			i++
			regexp = true
		case isWord(c):
			start := i
			for i < len(src) && isWord(src[i]) {
				i++
			}
			run += i - start - 1
			regexp = beforeRegexp[src[start:i]]
			continue
		default:
			i++
			regexp = c != '.'
		}
		if depth > maxDepth || run > maxRun {
			return tooDeep(src, i, depth)
		}
	}
	return nil
}

func tooDeep(src string, at, depth int) error {
	e := &Error{Line: 1 + strings.Count(src[:at], "\n"), Column: 1}
	if e.Reason = fmt.Sprintf("brackets are nested more than %d deep", maxDepth); depth <= maxDepth {
		e.Reason = fmt.Sprintf("one expression is longer than %d kB", maxRun/1000)
	}
	return e
}

// beforeRegexp are the words after which a slash begins a regular expression.
var beforeRegexp = map[string]bool{
	"return": true, "typeof": true, "case": true, "in": true, "of": true, "delete": true, "void": true,
	"throw": true, "new": true, "do": true, "else": true, "await": true, "yield": true, "instanceof": true,
}

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
