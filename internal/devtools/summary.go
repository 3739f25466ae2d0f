package devtools

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// aggregate is one class with what its instances add up to. All its fields
// have a fixed size: it stands in the index as it is.
type aggregate struct {
	class    Class
	order    uint32 // position among the rows before they are sorted
	distance int32  // the smallest
	_        uint32
	count    uint64
	shallow  uint64
	retained uint64
}

// ClassRow is one line of the Summary perspective.
type ClassRow struct {
	Class    Class  `json:"-"`
	Key      string `json:"key"`
	Name     string `json:"name"`
	Count    int    `json:"count"`    // of instances with a size
	Distance int32  `json:"distance"` // the smallest of them
	Shallow  uint64 `json:"shallow"`  // bytes, of all together
	Retained uint64 `json:"retained"` // bytes, of all together
}

// Summary is the Summary perspective: the classes of the nodes that pass the
// filter (nil passes all), in the grid's order: by retained size, greatest
// first, then by name. Nodes without a size of their own do not count.
func (v *View) Summary(ctx context.Context, filter Filter) ([]ClassRow, error) {
	rows, err := v.rows(ctx, filter)
	if err != nil {
		return nil, err
	}
	out := make([]ClassRow, len(rows))
	for i, r := range rows {
		out[i] = ClassRow{
			Class: r.class, Key: v.classes.table.key(r.class), Name: v.classes.table.name(r.class),
			Count: int(r.count), Distance: r.distance, Shallow: r.shallow, Retained: r.retained,
		}
	}
	return out, nil
}

func (v *View) rows(ctx context.Context, filter Filter) ([]aggregate, error) {
	if filter == nil {
		return v.classes.rows, nil
	}
	rows, err := v.classes.aggregates(ctx, v.snap, filter)
	if err != nil {
		return nil, err
	}
	rows = v.classes.publicRows(rows)
	v.classes.sortRows(rows)
	return rows, nil
}

// aggregates is buildAggregates and calculateClassesRetainedSize: the classes
// in order of first appearance.
func (c *classification) aggregates(ctx context.Context, s *heap.Snapshot, filter Filter) ([]aggregate, error) {
	var rows []aggregate
	var retained []uint64
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() (err error) {
		rows, err = c.count(ctx, s, filter)
		return err
	})
	work.Go(func() (err error) {
		retained, err = c.retainedByClass(ctx, s, filter)
		return err
	})
	if err := work.Wait(); err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].retained = retained[rows[i].class]
	}
	return rows, nil
}

func (c *classification) count(ctx context.Context, s *heap.Snapshot, filter Filter) ([]aggregate, error) {
	var rows []aggregate
	rowOf := make([]uint32, c.table.len()) // row + 1
	for i, class := range c.column {
		if i%pollEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		n := heap.Node(i)
		size := s.ShallowSize(n)
		if size == 0 || filter != nil && !filter(n) {
			continue
		}
		distance := s.Distance(n)
		if rowOf[class] == 0 {
			rows = append(rows, aggregate{class: class, distance: distance})
			rowOf[class] = uint32(len(rows))
		}
		r := &rows[rowOf[class]-1]
		r.count++
		r.shallow += size
		r.distance = min(r.distance, distance) // NoDistance is less than all
	}
	return rows, nil
}

// publicRows goes from classes to keys. Where two classes have the same key,
// DevTools keeps the place of the first and the numbers of the last: the
// others are lost to it, and so they are here.
func (c *classification) publicRows(rows []aggregate) []aggregate {
	at := make(map[string]int, len(rows))
	out := make([]aggregate, 0, len(rows))
	for _, r := range rows {
		key := c.table.key(r.class)
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, r)
		}
		out[i] = r
		out[i].order = uint32(i)
	}
	return out
}

// sortRows brings rows into the order of the Constructors grid.
func (c *classification) sortRows(rows []aggregate) {
	slices.SortFunc(rows, func(a, b aggregate) int {
		return cmp.Or(
			cmp.Compare(b.retained, a.retained),
			wtf8.Compare(c.table.name(a.class), c.table.name(b.class)),
			cmp.Compare(a.order, b.order))
	})
}
