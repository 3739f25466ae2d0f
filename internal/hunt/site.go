package hunt

import (
	"github.com/plumb-dev/plumb/internal/leak"
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
