package leak

import (
	"context"

	"github.com/plumb-dev/plumb/heap"
)

// shares tells how much memory each place is to blame for, bytes: what two
// places keep alive is split between them (share) or counted for none
// (exclusive: certain to go when that place alone is fixed). The measure is
// BLeak's (Vilk, Berger: BLeak, PLDI 2018) as LeakCanary computes it.
func (g *grower) shares(ctx context.Context, places []*growth) (share, exclusive []uint64, err error) {
	base := newBits(g.s.NodeCount()) // reached without any new member
	for _, p := range places {
		for _, n := range g.barriers(p) {
			base.set(int(n))
		}
	}
	if err := g.flood(ctx, base); err != nil {
		return nil, nil, err
	}
	for _, p := range places {
		for _, n := range g.barriers(p) {
			base[n>>6] &^= 1 << (n & 63)
		}
	}
	keepers := make([]uint8, g.s.NodeCount())
	kept := make([][]heap.Node, len(places))
	for i, p := range places {
		kept[i] = g.below(g.barriers(p), base)
		for _, n := range kept[i] {
			if keepers[n] < 255 {
				keepers[n]++
			}
		}
	}
	share, exclusive = make([]uint64, len(places)), make([]uint64, len(places))
	for i := range places {
		for _, n := range kept[i] {
			share[i] += g.s.ShallowSize(n) / uint64(keepers[n])
			if keepers[n] == 1 {
				exclusive[i] += g.s.ShallowSize(n)
			}
		}
	}
	return share, exclusive, nil
}

// barriers are the objects that would not be there without the growth.
func (g *grower) barriers(p *growth) []heap.Node {
	if p.kind != chain {
		return p.direct
	}
	var elements []heap.Node
	for _, n := range p.owned {
		if g.sameClass(n, p.list.link) {
			elements = append(elements, n)
		}
	}
	if elements == nil { // of the engine's own, not counted
		return p.tops
	}
	return elements
}

// below lists what the starts reach outside of base.
func (g *grower) below(starts []heap.Node, base bits) []heap.Node {
	seen := make(bits, len(base))
	copy(seen, base)
	var found []heap.Node
	for _, n := range starts {
		if !seen.has(int(n)) {
			seen.set(int(n))
			found = append(found, n)
		}
	}
	for i := 0; i < len(found); i++ {
		n := found[i]
		for e, end := g.s.Edges(n); e < end; e++ {
			to := g.s.EdgeTarget(e)
			if !seen.has(int(to)) && g.counts(n, e, to) {
				seen.set(int(to))
				found = append(found, to)
			}
		}
	}
	return found
}

// retainers counts, for each of the nodes, the references to it that hold
// without any of the nodes: more than one means that one fix will not free it.
// A node that only others of them keep is looked at by itself.
func (g *grower) retainers(ctx context.Context, nodes []heap.Node) ([]int, error) {
	counts, err := g.independent(ctx, nodes)
	if err != nil {
		return nil, err
	}
	for i, n := range nodes {
		if counts[i] > 0 || len(nodes) == 1 {
			continue
		}
		alone, err := g.independent(ctx, []heap.Node{n})
		if err != nil {
			return nil, err
		}
		counts[i] = alone[0]
	}
	return counts, nil
}

// independent counts the references to each of the nodes that hold without any
// of them.
func (g *grower) independent(ctx context.Context, nodes []heap.Node) ([]int, error) {
	seen := newBits(g.s.NodeCount())
	for _, n := range nodes {
		seen.set(int(n))
	}
	if err := g.flood(ctx, seen); err != nil {
		return nil, err
	}
	for _, n := range nodes {
		seen[n>>6] &^= 1 << (n & 63)
	}
	counts := make([]int, len(nodes))
	for i, n := range nodes {
		for e, from := range g.s.Retainers(n) {
			if !seen.has(int(from)) || !g.counts(from, e, n) {
				continue
			}
			if g.s.Type(from) == heap.Synthetic && transientRoot(g.s.Name(from)) {
				continue // of the moment of the snapshot
			}
			counts[i]++
		}
	}
	return counts, nil
}
