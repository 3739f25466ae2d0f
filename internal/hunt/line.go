package hunt

import (
	"regexp"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
)

// assign gives findings the line that allocates what stays. A profile knows
// functions, not lines: the line is the one in the function that uses the
// variable. When only one thing leaks, what stays is its, whatever the text says.
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
			if line := lineUsing(s.Place, f.Variable, read); line > 0 {
				f.Allocated = &leak.Place{File: s.File, Line: line, Function: s.Function, Exact: true}
				break
			}
		}
		if f.Allocated == nil && leaks == 1 && f.Verdict == leak.Leaking && len(sites) > 0 {
			at := sites[0].Place
			at.Exact = false
			f.Allocated = &at
		}
	}
}

// lineUsing is the line of a function that puts something into a variable, or
// else the first that uses it; 0 when none does.
func lineUsing(at leak.Place, variable string, read func(string) ([]byte, error)) int {
	if variable == "" || read == nil || at.Line == 0 {
		return 0
	}
	source, err := read(at.File)
	if err != nil {
		return 0
	}
	lines := strings.Split(string(source), "\n")
	if at.Line > len(lines) {
		return 0
	}
	name := `(?:^|[^\w$])` + regexp.QuoteMeta(strings.TrimPrefix(variable, "#")) + `(?:[^\w$]|$)`
	uses, err := regexp.Compile(name)
	if err != nil {
		return 0
	}
	puts := regexp.MustCompile(name + `.*(?:\.(?:push|unshift|set|add|append|on|once|addListener|addEventListener|then|catch|finally|enqueue|splice)\(|=[^=]|\+\+)|` +
		`(?:push|unshift|set|add|on|once|addListener|addEventListener)\(.*` + name)
	first := 0
	for i, line := range body(lines[at.Line-1:], at.Column-1) {
		switch {
		case !uses.MatchString(line) || strings.HasPrefix(strings.TrimSpace(line), "//"):
		case puts.MatchString(line):
			return at.Line + i
		case first == 0:
			first = at.Line + i
		}
	}
	return first
}

// body cuts the text of a function that begins at a column of the first line:
// up to the brace that closes its own first one, strings and comments aside. A
// function without braces ends with its line.
func body(lines []string, column int) []string {
	depth, opened := 0, false
	var quote rune
	for i, line := range lines {
		text := line
		if i == 0 {
			text = line[min(max(column, 0), len(line)):]
		}
		escaped := false
		for k, c := range text {
			switch {
			case escaped:
				escaped = false
			case c == '\\':
				escaped = true
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'' || c == '`':
				quote = c
			case strings.HasPrefix(text[k:], "//"):
				text = text[:k] // the range goes on over the old text
				goto next
			case c == '(' || c == '[' || c == '{':
				depth++
				opened = opened || c == '{' && depth == 1
			case c == ')' || c == ']' || c == '}':
				depth--
				if depth == 0 && c == '}' && opened || depth < 0 {
					return lines[:i+1]
				}
			}
		}
	next:
		if quote != '`' {
			quote = 0
		}
		if !opened && depth <= 0 {
			return lines[:i+1]
		}
	}
	return lines
}
