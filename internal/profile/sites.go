package profile

import (
	"cmp"
	"slices"
	"strings"
)

// Site is a function with what it allocated, itself and through the code of
// others that it called.
type Site struct {
	CallFrame CallFrame
	Bytes     uint64
}

// Sites lists the functions that are answerable, the largest first. Each
// allocation counts for one of them: the last function of the program on its
// stack or, when the program is not on it, the last of an installed package.
// What only V8 and Node.js did is in none.
func (p *Profile) Sites() []Site {
	bytes := map[CallFrame]uint64{}
	var visit func(n *Node, own, installed CallFrame)
	visit = func(n *Node, own, installed CallFrame) {
		switch f := n.CallFrame; {
		case f.Own():
			own = f
		case f.URL != "" && !strings.HasPrefix(f.URL, "node:"):
			installed = f
		}
		site := own
		if site.URL == "" {
			site = installed
		}
		if site.URL != "" {
			bytes[site] += n.self()
		}
		for i := range n.Children {
			visit(&n.Children[i], own, installed)
		}
	}
	visit(&p.Head, CallFrame{}, CallFrame{})
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
