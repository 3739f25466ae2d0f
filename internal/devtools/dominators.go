package devtools

import "github.com/plumb-dev/plumb/heap"

// Dominators lists n, its immediate dominator, that one's, and so on up to the
// root (getDominatorsOf).
func (v *View) Dominators(n heap.Node) []heap.Node {
	chain := []heap.Node{n}
	for n != v.snap.Root() {
		up := v.snap.Dominator(n)
		if up == n {
			break
		}
		chain = append(chain, up)
		n = up
	}
	return chain
}
