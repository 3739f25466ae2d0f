package snapshots

import (
	"cmp"
	"context"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
	"github.com/plumb-dev/plumb/internal/devtools"
)

type comparisonInput struct {
	ID   string `path:"id"`
	Base string `query:"base" required:"true" doc:"the earlier snapshot"`
	Text string `query:"text" doc:"part of the class's name, in any case"`
	Window
}

type changedInput struct {
	ID   string `path:"id"`
	Base string `query:"base" required:"true" doc:"the earlier snapshot"`
	Key  string `query:"key" required:"true" doc:"of the class"`
	Window
}

// Changed is an object that only one of two snapshots has.
type Changed struct {
	Change string `json:"change" enum:"new,deleted"`
	Object
}

func (p *Part) registerComparison(api huma.API) {
	listing(api, "comparison", "/api/snapshots/{id}/comparison", "Classes whose objects differ from an earlier snapshot's", p.comparison)
	listing(api, "changed", "/api/snapshots/{id}/changed", "Objects of a class that only one of two snapshots has", p.changed)
}

func byDiffName(a, b devtools.DiffRow) int { return wtf8.Compare(a.Name, b.Name) }

func byNumber[N cmp.Ordered](number func(devtools.DiffRow) N) func(a, b devtools.DiffRow) int {
	return func(a, b devtools.DiffRow) int {
		return cmp.Or(cmp.Compare(number(a), number(b)), byDiffName(b, a))
	}
}

// diffOrders are those of the comparison's columns.
var diffOrders = orders[devtools.DiffRow]{
	"name":      byDiffName,
	"new":       byNumber(func(r devtools.DiffRow) int { return r.New }),
	"deleted":   byNumber(func(r devtools.DiffRow) int { return r.Deleted }),
	"delta":     byNumber(func(r devtools.DiffRow) int { return r.Delta }),
	"allocSize": byNumber(func(r devtools.DiffRow) uint64 { return r.AllocSize }),
	"freedSize": byNumber(func(r devtools.DiffRow) uint64 { return r.FreedSize }),
	"sizeDelta": byNumber(func(r devtools.DiffRow) int64 { return r.SizeDelta }),
}

// compared are the rows of a comparison, kept with the later snapshot.
func (p *Part) compared(ctx context.Context, base, target *book, w *Window) ([]devtools.DiffRow, error) {
	if same, known := devtools.SameProcess(base.view.Snapshot(), target.view.Snapshot()); known && !same {
		return nil, errNotComparable
	}
	return diffOrders.in(target.listings, "comparison "+base.id, w, func() ([]devtools.DiffRow, error) {
		return devtools.Compare(ctx, base.view, target.view)
	})
}

func (p *Part) comparison(ctx context.Context, in *comparisonInput) (page Page[devtools.DiffRow], err error) {
	return page, p.shelf.lend2(ctx, in.Base, in.ID, func(base, target *book) error {
		rows, err := p.compared(ctx, base, target, &in.Window)
		if err != nil {
			return err
		}
		page = listed(&in.Window, named(rows, in.Text, func(r devtools.DiffRow) string { return r.Name }), func(r devtools.DiffRow) devtools.DiffRow { return r })
		return nil
	})
}

// changed lists the new objects, then the deleted ones.
func (p *Part) changed(ctx context.Context, in *changedInput) (page Page[Changed], err error) {
	return page, p.shelf.lend2(ctx, in.Base, in.ID, func(base, target *book) error {
		rows, err := p.compared(ctx, base, target, &Window{})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Key != in.Key {
				continue
			}
			added, err := target.nodes(fmt.Sprintf("new %s %q", in.Base, in.Key), &in.Window, func() ([]heap.Node, error) { return r.Added, nil })
			if err != nil {
				return err
			}
			removed, err := base.nodes(fmt.Sprintf("deleted %s %q", in.ID, in.Key), &in.Window, func() ([]heap.Node, error) { return r.Removed, nil })
			if err != nil {
				return err
			}
			both := Page[Changed]{Total: len(added) + len(removed), Rows: []Changed{}}
			for i := in.Offset; i < min(in.Offset+in.Limit, both.Total); i++ {
				if i < len(added) {
					both.Rows = append(both.Rows, Changed{"new", newObject(target.view, added[i])})
				} else {
					both.Rows = append(both.Rows, Changed{"deleted", newObject(base.view, removed[i-len(added)])})
				}
			}
			page = both
			return nil
		}
		return fmt.Errorf("%w: %s", devtools.ErrNoClass, in.Key)
	})
}
