package dominator

import (
	"context"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// semidominators finds them from the last number to the first, by the sources
// that are listed, and returns the numbers whose semidominator may be less
// than what was found: also where their own lists are complete, as they may
// depend on others. With all sources listed it is not.
//
// link has two numbers of each linked node: in the high half its ancestor in
// the forest, in the low half the least semidominator on the way there
// (excluding the ancestor).
func (w *walk) semidominators(ctx context.Context, open []unsettled) ([]unsettled, error) {
	parent, semi, link := w.parent, w.semi, w.link
	var path []uint32
	left := len(open) // the numbers from here on are left over
	next := len(open) - 1
	for at := len(w.order) - 1; at > 0; at-- {
		if at%pollEvery == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		i := uint32(at)
		s := semi[i]
		if next >= 0 && open[next].number == i {
			o := open[next]
			next--
			for list := o.list; list > 0 && s > o.least; list = w.sources[list-1].next() {
				// The least semidominator between the source and the forest's root.
				x := w.sources[list-1].from()
				for a := uint32(link[x] >> 32); a > i; a = uint32(link[x] >> 32) {
					path = append(path, x)
					x = a
				}
				top := link[x]
				root, least := top>>32, uint32(top)
				for len(path) > 0 {
					x = path[len(path)-1]
					path = path[:len(path)-1]
					least = min(least, uint32(link[x]))
					link[x] = root<<32 | uint64(least)
				}
				s = min(s, least)
			}
			semi[i] = s
			if s > o.least {
				left--
				open[left] = o
			}
		}
		link[i] = uint64(parent[i])<<32 | uint64(s)
	}
	return open[left:], nil
}

// collect completes the lists of the open numbers.
func (w *walk) collect(open []unsettled) error {
	set, err := column.MakeBits(w.arena, len(w.number))
	if err != nil {
		return err
	}
	defer column.Free(w.arena, set)
	for _, o := range open {
		if w.partial.Has(o.number) {
			set.Add(w.order[o.number])
			w.link[o.number] = 0 // serves as the list's begin, as link is not used before
		}
	}
	v := uint32(0) // the node that edge e leads from
	for e, packed := range w.Target {
		t := packed & targetMask
		if !set.Has(t) {
			continue
		}
		for w.First[v+1] <= uint32(e) {
			v++
		}
		if !w.visited.Has(v) {
			continue
		}
		to, from := w.number[t], w.number[v]
		for from&hanging != 0 {
			from = w.number[from&^hanging]
		}
		if from > to && w.Counts(v, uint32(e)) {
			list := uint32(w.link[to])
			w.add(&list, from)
			w.link[to] = uint64(list)
		}
	}
	if w.failed != nil {
		return w.failed
	}
	for i := range open {
		if o := &open[i]; w.partial.Has(o.number) {
			o.list = uint32(w.link[o.number])
		}
	}
	return nil
}

// tree walks up from each parent to the nearest common ancestor of parent and
// semidominator. It overwrites parent from the front, where it is final, then
// number, and frees what is left of the walk.
func (w *walk) tree() (*Tree, error) {
	dominator := w.parent
	for i := 1; i < len(w.order); i++ {
		d := dominator[i]
		for d > w.semi[i] {
			d = dominator[d]
		}
		dominator[i] = d
	}
	column.Free(w.arena, w.semi)
	t := &Tree{Order: w.order, Dominator: w.number}
	var err error
	if t.Hanging, err = column.MakeBits(w.arena, len(w.number)); err != nil {
		return nil, err
	}
	for v, number := range w.number {
		switch {
		case !w.visited.Has(uint32(v)):
			t.Dominator[v] = w.Root
		case number&hanging != 0:
			t.Hanging.Add(uint32(v))
			t.Dominator[v] = number &^ hanging
		default:
			t.Dominator[v] = w.order[dominator[number]]
		}
	}
	column.Free(w.arena, w.visited)
	column.Free(w.arena, dominator)
	return t, nil
}
