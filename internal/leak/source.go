package leak

import (
	"regexp"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// source reads the text of a script: from its file, else from the snapshot,
// which has the first 1024 UTF-16 units only.
type source struct {
	read  func(path string) ([]byte, error)
	lines map[string][]string
}

// of returns the lines of the script url.
func (src *source) of(sc *scripts, url string, id int64) []string {
	if lines, ok := src.lines[url]; ok {
		return lines
	}
	var text string
	if src.read != nil {
		if data, err := src.read(filePath(url)); err == nil {
			text = string(data)
		}
	}
	if text == "" {
		text = sc.text(url, id)
	}
	var lines []string
	if text != "" {
		lines = strings.Split(text, "\n")
	}
	src.lines[url] = lines
	return lines
}

// text is what the snapshot has of a script's source.
func (sc *scripts) text(url string, id int64) string {
	script, ok := sc.source[id]
	if !ok || sc.url[id] != url {
		for known, u := range sc.url {
			if u == url {
				script, ok = sc.source[known]
			}
		}
	}
	if !ok {
		return ""
	}
	n, ok := sc.target(script, heap.InternalEdge, "source")
	if !ok || sc.s.Type(n) != heap.String {
		return ""
	}
	return sc.s.Name(n)
}

// The ways a name is declared, the surest first; %s is the name.
var declarations = [...]string{
	`\b(?:const|let|var|class|function\*?)\s+%s(?:\W|$)`,
	`\b(?:const|let|var)\b[^;(]*[\s,{\[:]%s\s*(?:[=,;}\]]|$)`,
	`\bimport\b[^;]*\b%s\b`,
	`\bstatic\s+%s(?:\W|$)`,
	`(?:^|[({,\s])(?:this\.|(?:module\.)?exports\.|globalThis\.|global\.)#?%s\s*(?:\?\?|\|\|)?=(?:[^=]|$)`,
	`^\s*#?%s\s*(?:\?\?|\|\|)?=(?:[^=]|$)`,
	`^\s*#?%s\s*;`,
	`[\w$)\]]\.#?%s\s*(?:\?\?|\|\|)?=(?:[^=]|$)`,
	`[({,]\s*(?:\.\.\.)?%s\s*(?:[,)}]|=[^=])`,
	`^\s*%s\s*,?\s*$`,
	`(?:^|[{,\s])%s\s*:`,
}

// declared finds the line (from 1) that declares name: the last one up to the
// line near, else the first; 0 when there is none. near 0 is "from the top".
func declared(lines []string, name string, near int) int {
	quoted := regexp.QuoteMeta(name)
	for _, pattern := range declarations {
		re, err := regexp.Compile(strings.Replace(pattern, "%s", quoted, 1))
		if err != nil {
			return 0 // a name that no source can have
		}
		first, last := 0, 0
		for i, line := range lines {
			if bare := strings.TrimSpace(line); strings.HasPrefix(bare, "//") || strings.HasPrefix(bare, "*") {
				continue
			}
			if !re.MatchString(line) {
				continue
			}
			if first == 0 {
				first = i + 1
			}
			if i+1 <= near {
				last = i + 1
			}
		}
		if last > 0 {
			return last
		}
		if first > 0 {
			return first
		}
	}
	return 0
}
