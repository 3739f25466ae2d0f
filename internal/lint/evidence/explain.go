package evidence

import (
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/lint"
)

// Explain looks, in the sources that the findings name, for the line that makes
// each grow. A finding whose source is not at hand, or does not show it, stays
// as it is.
func Explain(findings []leak.Finding, read func(path string) ([]byte, error)) {
	for i := range findings {
		f := &findings[i]
		if f.Variable == "" || f.Declared.Line == 0 {
			continue
		}
		for _, path := range sources(f) {
			text, err := read(path)
			if err != nil {
				continue
			}
			at, ok := lint.Growth(path, string(text), lint.Suspect{
				Variable: f.Variable, File: f.Declared.File, Line: f.Declared.Line,
				Global: strings.HasPrefix(f.Container.Name, "globalThis."),
			})
			if ok {
				f.Grows = &leak.Place{File: path, Line: at.Line, Column: at.Column, Exact: true}
				break
			}
		}
	}
}

// sources are the files of a finding: where the variable is, and where what it
// keeps comes from.
func sources(f *leak.Finding) []string {
	paths := []string{f.Declared.File}
	add := func(p string) {
		if p != "" && p != paths[0] {
			paths = append(paths, p)
		}
	}
	add(f.Made.File)
	if f.Allocated != nil {
		add(f.Allocated.File)
	}
	return paths
}
