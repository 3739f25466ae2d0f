package profile

import (
	"cmp"
	"slices"
	"strings"
)

// Site is a function of the program with what it allocated, itself and through
// the code of others that it called.
type Site struct {
	CallFrame CallFrame
	Bytes     uint64
}

// Sites lists the program's own functions, the largest first. Each allocation
// counts for one of them: the last on its stack. What no function of the
// program called is in none.
func (p *Profile) Sites() []Site {
	bytes := map[CallFrame]uint64{}
	var visit func(n *Node, site CallFrame)
	visit = func(n *Node, site CallFrame) {
		if n.CallFrame.Own() {
			site = n.CallFrame
		}
		bytes[site] += n.SelfSize
		for _, c := range n.Children {
			visit(c, site)
		}
	}
	visit(p.Head, CallFrame{})
	delete(bytes, CallFrame{})
	sites := make([]Site, 0, len(bytes))
	for f, n := range bytes {
		if n > 0 {
			sites = append(sites, Site{f, n})
		}
	}
	slices.SortFunc(sites, func(a, b Site) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.CallFrame.URL, b.CallFrame.URL),
			cmp.Compare(a.CallFrame.LineNumber, b.CallFrame.LineNumber), cmp.Compare(a.CallFrame.ColumnNumber, b.CallFrame.ColumnNumber))
	})
	return sites
}

// Own says whether the function is the program's own: not V8's, not Node.js's
// and not an installed package's.
func (f CallFrame) Own() bool {
	return f.URL != "" && !strings.HasPrefix(f.URL, "node:") &&
		!strings.Contains(f.URL, "/node_modules/") && !strings.Contains(f.URL, `\node_modules\`)
}
