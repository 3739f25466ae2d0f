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

	sure    uint32 // Sure as a set of bits
	visited column.Bits
	number  []uint32 // of each visited node, or hanging and the node it hangs on
	order   []uint32 // the node
	parent  []uint32 // in the tree of the walk
	semi    []uint32 // the least semidominator known, the semidominator in the end
	link    []uint64 // see semidominators

	stack []branch      // of from
	ahead chan struct{} // as often as another pollEvery numbers are begun

	// Until semidominators begins the memory of link holds the lists of
	// sources and the end of each subtree, its greatest number.
	list, end []uint32
	sources   []source
	listed    int         // numbers with a list
	partial   column.Bits // numbers whose list lacks some
	failed    error       // to get memory for sources
}

// hanging marks a node that has no number: a single edge leads to it, and it to
// nothing that was not visited before. So it dominates nothing but what hangs on
// it in turn, and its edges count as those of the node it hangs on. In a heap
// these are many: strings, numbers, objects of such.
const hanging = 1 << 31

// hangingDepth is how many may hang one on the other.
const hangingDepth = 3

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
	for kind, sure := range w.Sure {
		if sure {
			w.sure |= 1 << kind
		}
	}
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
	return w.failed
}

// populate has pages put under the columns beside the walk, a little ahead of
// it, until stop.
func (w *walk) populate(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	number, n := column.Bytes(w.number), len(w.number)
	byNumber := [][]uint32{w.order[:n], w.parent, w.semi, w.list, w.end}
	w.ahead = make(chan struct{}, n/pollEvery+1)
	var beside sync.WaitGroup
	beside.Go(func() {
		column.Populate(ctx, number)
		for at := 0; at < n; at += pollEvery {
			for _, c := range byNumber {
				column.Populate(ctx, column.Bytes(c[at:min(at+pollEvery, n)]))
			}
			select {
			case <-w.ahead:
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		cancel()
		beside.Wait()
	}
}

// from walks from v, the root or a child of it. All edges of a node are looked
// at when it is visited: what was visited before is reached back or across,
// the others wait on the stack, but for what hangs on the node.
func (w *walk) from(ctx context.Context, v uint32) (err error) {
	first, target, number, semi := w.First, w.Target, w.number, w.semi
	visited, shared := w.visited, w.Shared
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
			w.ahead <- struct{}{}
		}
		visited.Add(v)
		number[v] = i
		w.order = append(w.order, v)
		w.parent[i], semi[i] = from, from
		e, end := first[v], first[v+1]
		if need := len(stack) + int(end-e); need > cap(stack) {
			if stack, err = column.Grow(w.arena, stack, need); err != nil {
				return err
			}
		}
		for sure := w.sureOf(v); e < end; e++ {
			t := target[e] & targetMask
			if (sure>>(target[e]>>TargetBits)&1 == 0 || t == v) && !w.Counts(v, e) {
				continue
			}
			if visited.Has(t) {
				w.note(number[t], i)
			} else if shared.Has(t) || !w.hang(t, v, i, hangingDepth) {
				stack = append(stack, newBranch(i, t))
			}
		}
	}
	w.stack = stack // its memory serves the next walk
	return nil
}

// hang has t hang on the node that alone leads to it, number i or what hangs
// on i, unless t leads to what was not visited before and does not hang on t in
// turn.
func (w *walk) hang(t, on, i uint32, depth int) bool {
	target, visited := w.Target, w.visited
	sure := w.sureOf(t)
	for e, end := w.First[t], w.First[t+1]; e < end; e++ {
		u := target[e] & targetMask
		if (sure>>(target[e]>>TargetBits)&1 == 0 || u == t) && !w.Counts(t, e) {
			continue
		}
		if visited.Has(u) {
			w.note(w.number[u], i)
		} else if depth == 1 || w.Shared.Has(u) || !w.hang(u, t, i, depth-1) {
			return false
		}
	}
	visited.Add(t)
	w.number[t] = on | hanging
	return true
}

// note puts a source into a number's list, ahead of those with smaller numbers.
func (w *walk) note(number, from uint32) {
	if number >= from { // from itself, or what hangs on it
		return
	}
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

// sureOf is the set of kinds of which all edges of v count.
func (w *walk) sureOf(v uint32) uint32 {
	if w.Inside.Has(v) {
		return w.sure
	}
	return 0
}

// add puts a source into a list. What fails is told when the walk is over.
func (w *walk) add(list *uint32, from uint32) {
	if len(w.sources) == cap(w.sources) {
		grown, err := column.Grow(w.arena, w.sources, len(w.sources)+1)
		if err != nil {
			w.failed = err
			return
		}
		w.sources = grown
	}
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
	column.Free(w.arena, w.partial)
	column.Free(w.arena, w.link)
	column.Free(w.arena, w.sources)
}
