package profile

import (
	"cmp"
	"slices"
)

// Row is a function below its callers, as a row of a table.
type Row struct {
	Depth     int // callers above it that are rows
	CallFrame CallFrame
	Self      uint64 // bytes
	Total     uint64 // bytes, with all that it called
}

// Rows lists the tree depth first and the largest call first, so that the hot
// path comes on top. A function that calls itself is one row, and so is a
// function that another calls by several ways that are no rows.
//
// With every set, all functions are rows. Without, those are left out that are
// neither the program's own nor allocate a hundredth of all themselves: the
// stacks of a server are mostly Node.js and its framework calling each other.
func (p *Profile) Rows(every bool) []Row {
	least := uint64(0)
	if !every {
		least = max(p.Total()/100, 1)
	}
	root := &call{Row: Row{CallFrame: p.Head.CallFrame}}
	root.gather(&p.Head, least)
	return root.rows(nil, -1)
}

// Largest keeps the n rows of the largest total. The callers of a row that is
// kept are kept too: none is smaller and all come before it.
func Largest(rows []Row, n int) []Row {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rows[b].Total, rows[a].Total) })
	order = order[:min(n, len(order))]
	slices.Sort(order)
	kept := make([]Row, len(order))
	for i, at := range order {
		kept[i] = rows[at]
	}
	return kept
}

// call is a row with what it calls.
type call struct {
	Row
	calls []*call
}

// gather adds what n called to c.
func (c *call) gather(n *Node, least uint64) {
	for i := range n.Children {
		child, at := &n.Children[i], c
		if child.self() >= least || child.CallFrame.Own() {
			at = c.to(child.CallFrame)
			at.Self += child.self()
			if at != c {
				at.Total += child.total()
			}
		}
		at.gather(child, least)
	}
}

// to finds the call of a function, which is c itself for a recursion.
func (c *call) to(f CallFrame) *call {
	if c.CallFrame == f {
		return c
	}
	for _, known := range c.calls {
		if known.CallFrame == f {
			return known
		}
	}
	added := &call{Row: Row{CallFrame: f}}
	c.calls = append(c.calls, added)
	return added
}

func (c *call) rows(rows []Row, depth int) []Row {
	if depth >= 0 {
		c.Depth = depth
		rows = append(rows, c.Row)
	}
	slices.SortStableFunc(c.calls, func(a, b *call) int { return cmp.Compare(b.Total, a.Total) })
	for _, next := range c.calls {
		rows = next.rows(rows, depth+1)
	}
	return rows
}
