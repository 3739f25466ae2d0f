package hunt

import (
	"regexp"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
)

// assign gives findings the line that allocates what stays. A profile knows
// functions, not lines: the line is the one in the function that uses the
// variable. When only one thing leaks, what stays is its, whatever the text says;
// numbers are not among what stays.
func assign(findings []leak.Finding, sites []Site, read func(string) ([]byte, error)) {
	leaks := 0
	for i := range findings {
		if findings[i].Verdict == leak.Leaking {
			leaks++
		}
	}
	for i := range findings {
		f := &findings[i]
		for _, s := range sites {
			line, puts := lineUsing(s.Place, f.Variable, read)
			if line > 0 && (puts || f.Allocated == nil) {
				f.Allocated = &leak.Place{File: s.File, Line: line, Function: s.Function, Exact: true}
			}
			if puts {
				break
			}
		}
		if f.Allocated == nil && leaks == 1 && f.Verdict == leak.Leaking && !f.Asked && len(sites) > 0 {
			at := sites[0].Place
			f.Allocated = &at
		}
	}
}

// lineUsing is the line of a function that puts something into a variable, or
// else the first that uses it; 0 when none does.
func lineUsing(at leak.Place, variable string, read func(string) ([]byte, error)) (line int, puts bool) {
	if variable == "" || read == nil || at.Line == 0 {
		return 0, false
	}
	source, err := read(at.File)
	if err != nil {
		return 0, false
	}
	lines := strings.Split(string(source), "\n")
	if at.Line > len(lines) {
		return 0, false
	}
	start := `(?:^|[^\w$])` + regexp.QuoteMeta(strings.TrimPrefix(variable, "#"))
	name := start + `(?:[^\w$]|$)`
	uses, err := regexp.Compile(name)
	if err != nil {
		return 0, false
	}
	putting := regexp.MustCompile(start + `(?:[^\w$].*)?(?:\.(?:push|unshift|set|add|append|on|once|addListener|addEventListener|then|catch|finally|enqueue|splice)\(|=[^=]|\+\+)|` +
		`(?:push|unshift|set|add|on|once|addListener|addEventListener)\(.*` + name)
	first := 0
	for i, line := range body(lines[at.Line-1:], at.Column-1) {
		switch {
		case !uses.MatchString(line) || strings.HasPrefix(strings.TrimSpace(line), "//"):
		case putting.MatchString(line):
			return at.Line + i, true
		case first == 0:
			first = at.Line + i
		}
	}
	return first, false
}

// body cuts the text of a function that begins at a column of the first line:
// up to the brace that closes its own first one, strings and comments aside. A
// function without braces ends with its line.
func body(lines []string, column int) []string {
	var b braces
	for i, line := range lines {
		if i == 0 {
			line = line[min(max(column, 0), len(line)):]
		}
		if b.read(line) || !b.opened && b.depth <= 0 {
			return lines[:i+1]
		}
	}
	return lines
}

// braces counts brackets outside of strings and comments.
type braces struct {
	depth  int
	opened bool // the function's own brace was there
	quote  rune // the string that the text is in
}

// read takes a line; true when the function ends in it.
func (b *braces) read(line string) bool {
	escaped := false
	for i, c := range line {
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
		case b.quote != 0:
			if c == b.quote {
				b.quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			b.quote = c
		case strings.HasPrefix(line[i:], "//"):
			return false
		case c == '(' || c == '[' || c == '{':
			b.depth++
			b.opened = b.opened || c == '{' && b.depth == 1
		case c == ')' || c == ']' || c == '}':
			b.depth--
			if b.depth == 0 && c == '}' && b.opened || b.depth < 0 {
				return true
			}
		}
	}
	if b.quote != '`' {
		b.quote = 0
	}
	return false
}
