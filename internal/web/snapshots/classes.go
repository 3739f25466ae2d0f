package snapshots

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
	"github.com/plumb-dev/plumb/internal/devtools"
	"github.com/plumb-dev/plumb/internal/web/problem"
)

// Which is which objects a view counts.
type Which struct {
	Objects string `query:"objects" doc:"\"\" for all; before:ID, since:ID or between:ID,ID of other snapshots; else one of the named filters"`
}

// filter makes the filter of a request. Ids say when objects were made: other
// snapshots of the same process are only asked for their newest one.
func (w Which) filter(ctx context.Context, s *Shelf, v *devtools.View) (devtools.Filter, error) {
	kind, ids, _ := strings.Cut(w.Objects, ":")
	var newest []uint64
	if ids != "" {
		for _, id := range strings.Split(ids, ",") {
			err := s.lend(ctx, id, func(b *book) error {
				newest = append(newest, b.view.MaxJSObjectID())
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
	}
	switch {
	case w.Objects == "":
		return nil, nil //nolint:nilnil // the filter that shows everything
	case kind == "before" && len(newest) == 1:
		return v.IDRange(0, newest[0]), nil
	case kind == "since" && len(newest) == 1:
		return v.IDRange(newest[0], v.MaxJSObjectID()), nil
	case kind == "between" && len(newest) == 2:
		return v.IDRange(newest[0], newest[1]), nil
	}
	return v.NamedFilter(w.Objects)
}

type classesInput struct {
	ID string `path:"id"`
	Which
	Text string `query:"text" doc:"part of the class's name, in any case"`
	Window
}

type instancesInput struct {
	ID  string `path:"id"`
	Key string `query:"key" required:"true" doc:"of the class"`
	Which
	Window
}

// Filters are what the objects of a view can be limited to.
type Filters struct {
	Filters []string `json:"filters" nullable:"false" doc:"the named ones"`
}

func (p *Part) registerClasses(api huma.API) {
	listing(api, "summary", "/api/snapshots/{id}/summary", "Classes of objects", p.summary)
	listing(api, "instances", "/api/snapshots/{id}/instances", "Objects of a class", p.instances)
	huma.Register(api, huma.Operation{
		OperationID: "filters", Method: http.MethodGet, Path: "/api/snapshots/{id}/filters", Summary: "What the objects of a view can be limited to",
	}, func(ctx context.Context, in *of) (*output[Filters], error) {
		var f Filters
		return answer(f, p.shelf.lend(ctx, in.ID, func(b *book) error {
			f.Filters = b.view.FilterNames()
			return nil
		}))
	})
}

func byName(a, b devtools.ClassRow) int { return wtf8.Compare(a.Name, b.Name) }

// classOrders are those of the summary's columns.
var classOrders = orders[devtools.ClassRow]{
	"name":     byName,
	"count":    func(a, b devtools.ClassRow) int { return cmp.Or(cmp.Compare(a.Count, b.Count), byName(b, a)) },
	"distance": func(a, b devtools.ClassRow) int { return cmp.Compare(a.Distance, b.Distance) },
	"shallow":  func(a, b devtools.ClassRow) int { return cmp.Or(cmp.Compare(a.Shallow, b.Shallow), byName(b, a)) },
	"retained": func(a, b devtools.ClassRow) int { return cmp.Or(cmp.Compare(a.Retained, b.Retained), byName(b, a)) },
}

func (p *Part) summary(ctx context.Context, in *classesInput) (page Page[devtools.ClassRow], err error) {
	return page, p.shelf.lend(ctx, in.ID, func(b *book) error {
		filter, err := in.filter(ctx, p.shelf, b.view)
		if err != nil {
			return err
		}
		rows, err := classOrders.in(b.listings, "summary "+in.Objects, &in.Window, func() ([]devtools.ClassRow, error) { return b.view.Summary(ctx, filter) })
		if err != nil {
			return err
		}
		page = listed(&in.Window, named(rows, in.Text, func(r devtools.ClassRow) string { return r.Name }), func(r devtools.ClassRow) devtools.ClassRow { return r })
		return nil
	})
}

// named are the rows whose name contains a text, in any case, as DevTools' filter box
// does it.
func named[Row any](rows []Row, text string, name func(Row) string) []Row {
	if text == "" {
		return rows
	}
	text = strings.ToLower(text)
	return slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return !strings.Contains(strings.ToLower(name(r)), text) })
}

func (p *Part) instances(ctx context.Context, in *instancesInput) (page Page[Object], err error) {
	return page, p.shelf.lend(ctx, in.ID, func(b *book) error {
		filter, err := in.filter(ctx, p.shelf, b.view)
		if err != nil {
			return err
		}
		nodes, err := b.nodes(fmt.Sprintf("instances %q %s", in.Key, in.Objects), &in.Window, func() ([]heap.Node, error) {
			return b.view.Instances(ctx, in.Key, filter)
		})
		if err != nil {
			return err
		}
		page = listed(&in.Window, nodes, func(n heap.Node) Object { return newObject(b.view, n) })
		return nil
	})
}

var errNotComparable = problem.New(http.StatusConflict, fmt.Errorf("the snapshots are not of one process"), "compare two snapshots that were taken of one program while it ran")
