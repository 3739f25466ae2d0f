package devtools

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// ErrNoClass is the error for a key that no class of the snapshot has.
var ErrNoClass = errors.New("no such class")

// Instances lists the nodes of the class with a key that pass the filter, in
// the grid's order: by retained size, greatest first, then by id. The error
// wraps [ErrNoClass] when the summary with this filter has no such row.
func (v *View) Instances(ctx context.Context, key string, filter Filter) ([]heap.Node, error) {
	rows, err := v.rows(ctx, filter)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(rows, func(r aggregate) bool { return v.classes.table.key(r.class) == key })
	if at < 0 {
		return nil, fmt.Errorf("%w: %q", ErrNoClass, key)
	}
	nodes := make([]heap.Node, 0, rows[at].count)
	for i, class := range v.classes.column {
		n := heap.Node(i)
		if class == rows[at].class && v.snap.ShallowSize(n) != 0 && (filter == nil || filter(n)) {
			nodes = append(nodes, n)
		}
	}
	byID := func(a, b heap.Node) int { return cmp.Compare(v.snap.ID(a), v.snap.ID(b)) }
	if !slices.IsSortedFunc(nodes, byID) { // as a rule V8 writes them in this order
		slices.SortStableFunc(nodes, byID)
	}
	SortByNumber(nodes, v.snap.RetainedSize, true)
	return nodes, nil
}
