package devtools

import (
	"cmp"
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// AllocatedBy says how much a function allocated while allocations were
// recorded, and how much of it is still alive. Function is a position in
// [heap.Snapshot.TraceFunctions]; it may lie past its end.
type AllocatedBy struct {
	Function    uint32
	Count, Size uint64 // size in bytes
	LiveCount   uint64
	LiveSize    uint64
	HasCallers  bool // there is something to ask [Allocations.Callers] for
}

// Caller is a node of the tree of who called an allocating function.
type Caller struct {
	AllocatedBy
	traces  []uint32 // trace node ids that end here
	callers []*Caller
}

// Callers is what DevTools shows below a row: the chain of single callers in
// one go, then the callers where it branches.
type Callers struct {
	Chain    []*Caller
	Branches []*Caller
}

// Allocations is the allocation perspective: the trace tree of a snapshot with
// allocation tracking, seen by function (AllocationProfile).
type Allocations struct {
	tree []heap.TraceNode
	byID map[uint32]int // trace node id -> position in tree
	live map[uint32]AllocatedBy
	tops map[uint32][]int // function -> the tree nodes that allocated in it
}

// Allocations reads the allocation perspective; nil when the snapshot was
// taken without allocation tracking.
func (v *View) Allocations() *Allocations {
	if v.snap.Meta().TraceFunctionCount == 0 || len(v.snap.TraceTree()) == 0 {
		return nil
	}
	a := &Allocations{
		tree: v.snap.TraceTree(),
		byID: make(map[uint32]int),
		live: make(map[uint32]AllocatedBy),
		tops: make(map[uint32][]int),
	}
	for i := range v.snap.NodeCount() {
		n := heap.Node(i)
		l := a.live[v.snap.TraceNodeID(n)]
		l.LiveCount++
		l.LiveSize += v.snap.ShallowSize(n)
		a.live[v.snap.TraceNodeID(n)] = l
	}
	for i, t := range a.tree {
		a.byID[t.ID] = i
		if t.Count != 0 {
			a.tops[t.Function] = append(a.tops[t.Function], i)
		}
	}
	return a
}

// Tops lists the functions that allocated, by size (largest first), then in
// the file's order. What a function allocated in a recursion is counted once
// for each of its frames. The first function of the file is the root and
// never has callers.
func (a *Allocations) Tops() []AllocatedBy {
	var rows []AllocatedBy
	for function, nodes := range a.tops {
		row := AllocatedBy{Function: function, HasCallers: function != 0}
		for _, i := range nodes {
			row.add(a.own(i))
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(x, y AllocatedBy) int {
		return cmp.Or(cmp.Compare(y.Size, x.Size), cmp.Compare(x.Function, y.Function))
	})
	return rows
}

// own is what was allocated at one node of the tree.
func (a *Allocations) own(i int) AllocatedBy {
	t := &a.tree[i]
	l := a.live[t.ID]
	return AllocatedBy{Function: t.Function, Count: t.Count, Size: t.Size, LiveCount: l.LiveCount, LiveSize: l.LiveSize}
}

func (b *AllocatedBy) add(o AllocatedBy) {
	b.Count += o.Count
	b.Size += o.Size
	b.LiveCount += o.LiveCount
	b.LiveSize += o.LiveSize
}

// Root is the tree of callers of a function: the function itself with all it
// allocated, its callers below. Nil when the function allocated nothing.
func (a *Allocations) Root(function uint32) *Caller {
	if len(a.tops[function]) == 0 {
		return nil
	}
	root := &Caller{AllocatedBy: AllocatedBy{Function: function}}
	for _, top := range a.tops[function] {
		own := a.own(top)
		at := root
		for i := int32(top); ; {
			at.add(own)
			at.traces = append(at.traces, a.tree[top].ID)
			if i = a.tree[i].Parent; i < 0 {
				break
			}
			at = at.caller(a.tree[i].Function)
		}
	}
	return root
}

// caller finds or adds the caller that is function.
func (c *Caller) caller(function uint32) *Caller {
	for _, known := range c.callers {
		if known.Function == function {
			return known
		}
	}
	added := &Caller{AllocatedBy: AllocatedBy{Function: function}}
	c.callers = append(c.callers, added)
	c.HasCallers = true
	return added
}

// Callers lists who called c: a chain while there is one caller only, then
// the callers at the first branch (serializeCallers).
func (c *Caller) Callers() Callers {
	var out Callers
	for len(c.callers) == 1 {
		c = c.callers[0]
		out.Chain = append(out.Chain, c)
	}
	out.Branches = c.callers
	return out
}

// Direct lists who called c, one level of the tree.
func (c *Caller) Direct() []*Caller { return c.callers }

// TraceNodeIDs lists the places in the trace tree that c stands for: the
// objects made there are c's.
func (c *Caller) TraceNodeIDs() []uint32 { return c.traces }

// Stack lists the functions that were running when an object was made, the
// innermost first; empty when the id is 0 (not recorded) or not in the tree.
func (a *Allocations) Stack(traceNodeID uint32) []uint32 {
	i, ok := a.byID[traceNodeID]
	if !ok || traceNodeID == 0 {
		return nil
	}
	var stack []uint32
	for at := int32(i); at >= 0; at = a.tree[at].Parent {
		stack = append(stack, a.tree[at].Function)
	}
	return stack
}
