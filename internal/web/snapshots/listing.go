package snapshots

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jszwec/csvutil"
	"golang.org/x/sync/singleflight"

	"github.com/plumb-dev/plumb/internal/web/problem"
)

// Window is which rows of a listing are asked for, in which order.
type Window struct {
	Sort   string `query:"sort" doc:"column; without one, DevTools' own order"`
	Desc   bool   `query:"desc" doc:"greatest first"`
	Offset int    `query:"offset" minimum:"0"`
	Limit  int    `query:"limit" minimum:"0" maximum:"500" default:"100"`
}

func (w *Window) window() *Window { return w }

// Page is some rows of a listing.
type Page[Row any] struct {
	Total int   `json:"total" doc:"rows in all"`
	Rows  []Row `json:"rows" nullable:"false"`
}

// listed makes the page of a window.
func listed[Item, Row any](w *Window, items []Item, row func(Item) Row) Page[Row] {
	page := Page[Row]{Total: len(items), Rows: []Row{}}
	from := min(w.Offset, len(items))
	for _, item := range items[from:min(from+w.Limit, len(items))] {
		page.Rows = append(page.Rows, row(item))
	}
	return page
}

// windowed is the input of a listing: a pointer to a struct with a Window in it.
type windowed[I any] interface {
	*I
	window() *Window
}

// listing adds an operation that answers with a page, and one that answers with all
// rows as a file: the path with .csv or .json at its end.
func listing[I any, In windowed[I], Row any](api huma.API, id, path, summary string, list func(context.Context, *I) (Page[Row], error)) {
	huma.Register(api, huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary}, func(ctx context.Context, in *I) (*output[Page[Row]], error) {
		return answer(list(ctx, in))
	})
	for _, form := range []string{"csv", "json"} {
		huma.Register(api, huma.Operation{
			OperationID: id + "-" + form, Method: http.MethodGet, Path: path + "." + form, Summary: summary + ", all of them as a file",
		}, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
			w := In(in).window()
			w.Offset, w.Limit = 0, chunk
			first, err := list(ctx, in)
			if err != nil {
				return nil, refused(err)
			}
			return &huma.StreamResponse{Body: func(c huma.Context) {
				write := begin[Row](c, form, path[strings.LastIndex(path, "/")+1:])
				for page := first; ; page, err = list(c.Context(), in) {
					if err != nil || len(page.Rows) == 0 || !write(page.Rows) {
						return // the browser has gone, or the snapshot
					}
					w.Offset += chunk
				}
			}}, nil
		})
	}
}

// chunk is how many rows of a file are made at a time.
const chunk = 5000

// begin begins a file; what it returns adds rows.
func begin[Row any](c huma.Context, form, name string) (write func([]Row) bool) {
	c.SetHeader("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name+"."+form))
	if form == "csv" {
		c.SetHeader("Content-Type", "text/csv; charset=utf-8")
		out := csv.NewWriter(c.BodyWriter())
		encoder := csvutil.NewEncoder(out)
		encoder.Tag = "json"
		return func(rows []Row) bool {
			err := encoder.Encode(rows)
			out.Flush()
			return err == nil && out.Error() == nil
		}
	}
	c.SetHeader("Content-Type", "application/x-ndjson")
	encoder := json.NewEncoder(c.BodyWriter())
	return func(rows []Row) bool {
		return !slices.ContainsFunc(rows, func(r Row) bool { return encoder.Encode(r) != nil })
	}
}

// listings are sorted items that are kept for the next page of them.
type listings struct {
	kept   *lru.Cache[string, any]
	making singleflight.Group
}

const mostListings = 24

func newListings() *listings {
	kept, err := lru.New[string, any](mostListings)
	if err != nil {
		panic(err) // the number is not positive
	}
	return &listings{kept: kept}
}

// kept is what was made before, or makes it. Two that ask for the same at once wait
// for one of them.
func kept[T any](l *listings, key string, compute func() (T, error)) (T, error) {
	for {
		if known, ok := l.kept.Get(key); ok {
			return known.(T), nil
		}
		made, err, shared := l.making.Do(key, func() (any, error) {
			made, err := compute()
			if err == nil {
				l.kept.Add(key, made)
			}
			return made, err
		})
		if shared && errors.Is(err, context.Canceled) {
			continue // it may have been the other one's request that ended
		}
		return made.(T), err
	}
}

// orders are the columns that items can be sorted by.
type orders[Item any] map[string]func(a, b Item) int

// in is items in a window's order; they are cloned before they are sorted.
func (o orders[Item]) in(l *listings, key string, w *Window, compute func() ([]Item, error)) ([]Item, error) {
	if w.Sort == "" {
		return kept(l, key, compute)
	}
	compare, ok := o[w.Sort]
	if !ok {
		return nil, problem.New(http.StatusBadRequest, fmt.Errorf("rows cannot be sorted by %q", w.Sort), "")
	}
	if w.Desc {
		ascending := compare
		compare = func(a, b Item) int { return ascending(b, a) }
	}
	return kept(l, fmt.Sprintf("%s by %s %v", key, w.Sort, w.Desc), func() ([]Item, error) {
		items, err := kept(l, key, compute)
		if err != nil {
			return nil, err
		}
		items = slices.Clone(items)
		slices.SortStableFunc(items, compare)
		return items, nil
	})
}
