package devtools

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// DiffRow is one line of the Comparison perspective: the objects of a class
// that only one of two snapshots has. Sizes are shallow, in bytes.
type DiffRow struct {
	Key       string `json:"key"`
	Name      string `json:"name"`
	New       int    `json:"new"`
	Deleted   int    `json:"deleted"`
	Delta     int    `json:"delta"`
	AllocSize uint64 `json:"allocSize"`
	FreedSize uint64 `json:"freedSize"`
	SizeDelta int64  `json:"sizeDelta"`

	// Added are nodes of the target, Removed nodes of the base, by id.
	Added   []heap.Node `json:"-"`
	Removed []heap.Node `json:"-"`
}

// Compare is the Comparison perspective of target against the earlier
// snapshot base, in the grid's order: by the size of what is new, greatest
// first, then by name.
//
// Objects are the same when they have the same id and class: one whose class
// has changed is deleted and new, one whose size has changed is neither. For
// this the base is classified by the interfaces of the target.
func Compare(ctx context.Context, base, target *View) ([]DiffRow, error) {
	var before, after diffSide
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error {
		classes, err := reclassify(ctx, base.snap, target.classes.interfaces)
		if err != nil {
			return err
		}
		before, err = newDiffSide(ctx, base.snap, classes)
		return err
	})
	work.Go(func() (err error) {
		after, err = newDiffSide(ctx, target.snap, target.classes)
		return err
	})
	if err := work.Wait(); err != nil {
		return nil, err
	}
	return diff(base, &before, &after), nil
}

func diff(base *View, before, after *diffSide) []DiffRow {
	var out []DiffRow
	add := func(key, name string, old, young []heap.Node) {
		row := diffNodes(before.snap, after.snap, old, young)
		row.Key, row.Name = key, name
		if row.New+row.Deleted > 0 {
			out = append(out, row)
		}
	}
	for i := range before.rows {
		key, nodes := before.key(i), before.nodes(i)
		if j, ok := after.byKey[key]; ok {
			add(key, after.name(j), nodes, after.nodes(j))
			continue
		}
		// DevTools reads the name of a class that only the base has from its
		// last object, after the base has its own interfaces again: it may be
		// another name than the key's.
		add(key, base.ClassName(nodes[len(nodes)-1]), nodes, nil)
	}
	for j := range after.rows {
		if _, ok := before.byKey[after.key(j)]; !ok {
			add(after.key(j), after.name(j), nil, after.nodes(j))
		}
	}
	slices.SortStableFunc(out, func(a, b DiffRow) int {
		return cmp.Or(cmp.Compare(b.AllocSize, a.AllocSize), wtf8.Compare(a.Name, b.Name))
	})
	return out
}

// diffNodes merges two lists of nodes in order of id (calculateDiffForClass).
func diffNodes(base, target *heap.Snapshot, old, young []heap.Node) DiffRow {
	var row DiffRow
	for len(old) > 0 || len(young) > 0 {
		order := 0
		switch {
		case len(young) == 0:
			order = -1
		case len(old) == 0:
			order = 1
		default:
			order = cmp.Compare(base.ID(old[0]), target.ID(young[0]))
		}
		if order < 0 {
			row.Removed = append(row.Removed, old[0])
			row.FreedSize += base.ShallowSize(old[0])
		}
		if order > 0 {
			row.Added = append(row.Added, young[0])
			row.AllocSize += target.ShallowSize(young[0])
		}
		if order <= 0 {
			old = old[1:]
		}
		if order >= 0 {
			young = young[1:]
		}
	}
	row.New, row.Deleted = len(row.Added), len(row.Removed)
	row.Delta = row.New - row.Deleted
	row.SizeDelta = int64(row.AllocSize) - int64(row.FreedSize)
	return row
}

// diffSide is one of the two snapshots: its classes, and the nodes of each.
type diffSide struct {
	snap    *heap.Snapshot
	table   *classTable
	rows    []aggregate // in the order before sorting
	byKey   map[string]int
	members []heap.Node // of all rows, one row after the other, by id
	end     []uint64    // of each row in members
}

func newDiffSide(ctx context.Context, s *heap.Snapshot, c *classification) (diffSide, error) {
	counted, err := c.count(ctx, s, nil)
	if err != nil {
		return diffSide{}, err
	}
	d := diffSide{snap: s, table: &c.table, rows: c.publicRows(counted), byKey: map[string]int{}}
	rowOf := make([]uint32, c.table.len()) // row + 1; none for classes whose key is lost
	next := make([]uint64, len(d.rows))
	var total uint64
	for i, r := range d.rows {
		d.byKey[d.key(i)] = i
		rowOf[r.class] = uint32(i) + 1
		next[i] = total
		total += r.count
	}
	d.members = make([]heap.Node, total)
	for i, class := range c.column {
		if row := rowOf[class]; row != 0 && s.ShallowSize(heap.Node(i)) != 0 {
			d.members[next[row-1]] = heap.Node(i)
			next[row-1]++
		}
	}
	d.end = next
	byID := func(a, b heap.Node) int { return cmp.Compare(s.ID(a), s.ID(b)) }
	for i := range d.rows {
		if nodes := d.nodes(i); !slices.IsSortedFunc(nodes, byID) {
			slices.SortFunc(nodes, byID)
		}
	}
	return d, ctx.Err()
}

func (d *diffSide) key(row int) string  { return d.table.key(d.rows[row].class) }
func (d *diffSide) name(row int) string { return d.table.name(d.rows[row].class) }

func (d *diffSide) nodes(row int) []heap.Node {
	return d.members[d.end[row]-d.rows[row].count : d.end[row]]
}
