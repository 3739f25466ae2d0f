package files

import (
	"regexp"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// pattern is a line of .gitignore that is about what it names alone, as for git: what
// is below an ignored folder is never met, and what is below one that is not ignored
// after all may be.
type pattern struct {
	gitignore.Pattern
	domain []string // the folder of the file
	name   bool     // not a path
	below  bool     // of all that a folder holds, at any depth
}

func parsePattern(line string, domain []string) pattern {
	line, below := strings.CutSuffix(line, "/**")
	if below {
		line += "/*" // not the folder itself
	}
	line = otherLetter.ReplaceAllString(line, "$1[^")
	name := !strings.Contains(strings.TrimSuffix(line, "/"), "/")
	return pattern{gitignore.ParsePattern(line, domain), domain, name, below}
}

// otherLetter is [!a], which the matcher writes [^a].
var otherLetter = regexp.MustCompile(`(^|[^\\])\[!`)

// Match implements [gitignore.Pattern].
func (p pattern) Match(path []string, isDir bool) gitignore.MatchResult {
	if len(path) == 0 {
		return gitignore.NoMatch
	}
	folder, last := path[:len(path)-1], path[len(path)-1]
	if p.name {
		if len(folder) < len(p.domain) || !slices.Equal(folder[:len(p.domain)], p.domain) {
			return gitignore.NoMatch
		}
		return p.Pattern.Match(append(slices.Clone(p.domain), last), isDir)
	}
	result := p.Pattern.Match(path, isDir)
	if result != gitignore.NoMatch && !p.below && len(folder) > 0 && p.Pattern.Match(folder, true) == result {
		return gitignore.NoMatch // of the folder
	}
	return result
}
