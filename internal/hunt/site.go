package hunt

import (
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/leak/source"
)

// Site is a function of the program with what it allocated in the last round
// that is still alive: directly, or in the code of others that it called.
type Site struct {
	leak.Place
	Bytes  uint64 `json:"bytes"`
	Thread string `json:"thread,omitempty"`
}

const mostSites = 10

// allocationSites lists the functions of a thread's profile, largest first.
func allocationSites(t *thread) []Site {
	if t.profile == nil {
		return nil
	}
	var sites []Site
	for _, s := range t.profile.Sites() {
		f := s.CallFrame
		at := leak.Place{File: f.File(), Line: f.LineNumber + 1, Column: f.ColumnNumber + 1, Function: f.FunctionName, Exact: true}
		sites = append(sites, Site{Place: at, Bytes: s.Bytes, Thread: t.name})
	}
	return sites[:min(len(sites), mostSites)]
}

// followMaps moves the places where something is allocated to the text that a
// person wrote.
func followMaps(findings []leak.Finding, sites []Site, sources *source.Reader) {
	for i := range findings {
		if at := findings[i].Allocated; at != nil {
			followMap(at, sources)
		}
	}
	for i := range sites {
		followMap(&sites[i].Place, sources)
	}
}

// followMap follows the source map of a place, if there is one. A line without a
// column is looked up where its text begins.
func followMap(at *leak.Place, sources *source.Reader) {
	file := sources.File(at.File, func() string { return "" })
	column := at.Column
	if start := file.Offset(at.Line, 1); column == 0 && start >= 0 {
		rest := file.Text[start:]
		column = 1 + len(rest) - len(strings.TrimLeft(rest, " \t"))
	}
	if o, ok := file.Original(at.Line, column); ok {
		at.File, at.Line, at.Column = o.Path, o.Line, o.Column
	}
}
