package hunt

import (
	"cmp"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/node"
)

// Site is a function of the program with what it allocated in the last round
// that is still alive: directly, or in the code of others that it called.
type Site struct {
	leak.Place
	Bytes  uint64 `json:"bytes"`
	Thread string `json:"thread,omitempty"`
}

const mostSites = 10

// allocationSites adds up a profile by the nearest function of the program:
// Node.js and the packages of node_modules allocate on behalf of it.
func allocationSites(t *thread) []Site {
	if t.profile == nil {
		return nil
	}
	bytes := map[leak.Place]float64{}
	var walk func(n *node.AllocationNode, own, foreign leak.Place)
	walk = func(n *node.AllocationNode, own, foreign leak.Place) {
		if at, ok := placeOf(n); ok {
			if strings.Contains(at.File, "/node_modules/") {
				foreign = at
			} else {
				own = at
			}
		}
		site := own
		if site.File == "" {
			site = foreign
		}
		if site.File != "" {
			bytes[site] += n.SelfSize
		}
		for i := range n.Children {
			walk(&n.Children[i], own, foreign)
		}
	}
	walk(&t.profile.Head, leak.Place{}, leak.Place{})
	var sites []Site
	for at, n := range bytes {
		if n > 0 {
			sites = append(sites, Site{Place: at, Bytes: uint64(n), Thread: t.name})
		}
	}
	slices.SortFunc(sites, func(a, b Site) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return sites[:min(len(sites), mostSites)]
}

// placeOf is where a function of the program begins.
func placeOf(n *node.AllocationNode) (leak.Place, bool) {
	f := n.CallFrame
	path := strings.TrimPrefix(f.URL, "file://")
	if path == "" || strings.HasPrefix(path, "node:") {
		return leak.Place{}, false
	}
	return leak.Place{File: path, Line: f.LineNumber + 1, Column: f.ColumnNumber + 1, Function: f.FunctionName, Exact: true}, true
}
