package dominator

import (
	"context"
	"math/bits"
	"sync"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// walk is the depth-first walk and what is made of it. Everything but visited
// and number is by DFS number.
type walk struct {
	*Graph
	arena *column.Arena

	visited column.Bits
	number  []uint32 // of each visited node
	order   []uint32 // the node
	parent  []uint32 // in the tree of the walk
	semi    []uint32 // the least semidominator known, the semidominator in the end
	link    []uint64 // see semidominators

	stack []branch // of from

	// Until semidominators begins the memory of link holds the lists of
	// sources and the end of each subtree, its greatest number.
	list, end []uint32
	sources   []source
	listed    int         // numbers with a list
	partial   column.Bits // numbers whose list lacks some
}

// branch is an edge not followed yet, from a number to a node.
type branch uint64

func newBranch(from, to uint32) branch { return branch(from)<<32 | branch(to) }

func (b branch) from() uint32 { return uint32(b >> 32) }
func (b branch) to() uint32   { return uint32(b) }

// source is an edge that leads back or across, to a number less than from; next
// is the position behind another one's to the same number, 0 for none.
type source uint64

func newSource(from, next uint32) source { return source(from)<<32 | source(next) }

func (s source) from() uint32 { return uint32(s >> 32) }
func (s source) next() uint32 { return uint32(s) }

// stretch is so many numbers that the walk notes no more than the last source
// of each: neighbours mostly tell the same, and hubs have very many.
const stretch = 1 << 16

// depthFirst walks from the root and then from the orphans.
func (w *walk) depthFirst(ctx context.Context) (err error) {
	n := len(w.First) - 1
	if w.visited, err = column.MakeBits(w.arena, n); err != nil {
		return err
	}
	if w.partial, err = column.MakeBits(w.arena, n); err != nil {
		return err
	}
	for _, c := range []*[]uint32{&w.number, &w.order, &w.parent, &w.semi} {
		if *c, err = column.Scratch[uint32](w.arena, n); err != nil {
			return err
		}
	}
	if w.link, err = column.Make[uint64](w.arena, n); err != nil {
		return err
	}
	// Room that is not used costs no memory, and to grow costs twice.
	if w.sources, err = column.Scratch[source](w.arena, n/2); err != nil {
		return err
	}
	w.sources = w.sources[:0]
	half := column.View[uint32](column.Bytes(w.link))
	w.list, w.end = half[:n], half[n:]
	defer w.populate(ctx)()
	defer func() { column.Free(w.arena, w.stack) }()
	w.order = w.order[:0]
	if err := w.from(ctx, w.Root); err != nil {
		return err
	}
	orphans, err := w.orphans()
	if err != nil {
		return err
	}
	for _, v := range orphans {
		if err := w.from(ctx, v); err != nil {
			return err
		}
	}
	return nil
}

// populate has pages put under the columns beside the walk, in the order in
// which they are needed, until stop.
func (w *walk) populate(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	first := column.Bytes(w.number)
	then := [][]byte{column.Bytes(w.order), column.Bytes(w.parent), column.Bytes(w.semi), column.Bytes(w.list)}
	last := column.Bytes(w.end)
	var beside sync.WaitGroup
	beside.Go(func() {
		column.Populate(ctx, first)
		column.Populate(ctx, then...)
		column.Populate(ctx, last)
	})
	return func() {
		cancel()
		beside.Wait()
	}
}

// from walks from v, the root or a child of it. All edges of a node are looked
// at when it is visited: what was visited before is reached back or across,
// the others wait on the stack.
func (w *walk) from(ctx context.Context, v uint32) (err error) {
	first, target, number, semi := w.First, w.Target, w.number, w.semi
	visited, inside := w.visited, w.Inside
	w.stack = append(w.stack[:0], newBranch(0, v))
	stack := w.stack
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		v, from := b.to(), b.from()
		if visited.Has(v) { // meanwhile, from below
			semi[number[v]] = min(semi[number[v]], from)
			continue
		}
		i := uint32(len(w.order))
		if i%pollEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		visited.Add(v)
		number[v] = i
		w.order = append(w.order, v)
		w.parent[i], semi[i] = from, from
		sure := w.Sure
		if !inside.Has(v) {
			sure = [len(sure)]bool{}
		}
		edges := int(first[v+1] - first[v])
		if need := len(stack) + edges; need > cap(stack) {
			if stack, err = column.Grow(w.arena, stack, need); err != nil {
				return err
			}
		}
		if need := len(w.sources) + edges; need > cap(w.sources) {
			if w.sources, err = column.Grow(w.arena, w.sources, need); err != nil {
				return err
			}
		}
		for e, end := first[v], first[v+1]; e < end; e++ {
			t := target[e] & targetMask
			if (!sure[target[e]>>TargetBits] || t == v) && !w.Counts(v, e) {
				continue
			}
			if visited.Has(t) {
				w.note(number[t], i)
			} else {
				stack = append(stack, newBranch(i, t))
			}
		}
	}
	w.stack = stack // its memory serves the next walk
	return nil
}

// note puts a source into a number's list, ahead of those with smaller numbers.
func (w *walk) note(number, from uint32) {
	list := &w.list[number]
	if *list > 0 {
		last := &w.sources[*list-1]
		if last.from() == from {
			return
		}
		if last.from()/stretch == from/stretch {
			*last = newSource(from, last.next())
			w.partial.Add(number)
			return
		}
	} else {
		w.listed++
	}
	w.add(list, from)
}

// room returns s with room for more.
func room[T column.Number](a *column.Arena, s []T, more int) ([]T, error) {
	if need := len(s) + more; need > cap(s) {
		return column.Grow(a, s, need)
	}
	return s, nil
}

// add needs room.
func (w *walk) add(list *uint32, from uint32) {
	w.sources = append(w.sources, newSource(from, *list))
	*list = uint32(len(w.sources))
}

// orphans lists the nodes to which no edge leads that counts: only what is not
// visited can lead to them.
func (w *walk) orphans() ([]uint32, error) {
	var rest []uint32
	n := uint32(len(w.First) - 1)
	for word, set := range w.visited {
		for left := ^set; left != 0; left &= left - 1 {
			if v := uint32(word*64 + bits.TrailingZeros64(left)); v < n {
				rest = append(rest, v)
			}
		}
	}
	held, err := column.MakeBits(w.arena, int(n))
	if err != nil {
		return nil, err
	}
	defer column.Free(w.arena, held)
	for _, v := range rest {
		for e := w.First[v]; e < w.First[v+1]; e++ {
			if w.Counts(v, e) {
				held.Add(w.Target[e] & targetMask)
			}
		}
	}
	orphans := rest[:0]
	for _, v := range rest {
		if !held.Has(v) {
			orphans = append(orphans, v)
		}
	}
	return orphans, nil
}

// free gives back what only the search for semidominators needs.
func (w *walk) free() {
	column.Free(w.arena, w.visited)
	column.Free(w.arena, w.partial)
	column.Free(w.arena, w.number)
	column.Free(w.arena, w.link)
	column.Free(w.arena, w.sources)
}
