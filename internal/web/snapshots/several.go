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
	"github.com/plumb-dev/plumb/internal/devtools"
)

type growthInput struct {
	Snapshots []string `query:"snapshots,explode" required:"true" minItems:"2" maxItems:"6" doc:"in the order in which they were taken"`
	Text      string   `query:"text" doc:"part of the class's name, in any case"`
	Window
}

// Growth is a class over several snapshots.
type Growth struct {
	Key     string   `json:"key"`
	Name    string   `json:"name"`
	Grown   int64    `json:"grown" doc:"bytes, from the first to the last snapshot"`
	More    int      `json:"more" doc:"objects, from the first to the last snapshot"`
	Always  bool     `json:"always" doc:"it grew in every step"`
	Counts  []int    `json:"counts" nullable:"false"`
	Shallow []uint64 `json:"shallow" nullable:"false" doc:"bytes"`
}

type mergedInput struct {
	ID  string `path:"id"`
	Key string `query:"key" required:"true" doc:"of the class"`
	Which
}

// Merged is ways on which the objects of a class are kept alive.
type Merged struct {
	Objects int          `json:"objects" doc:"of the class"`
	Looked  int          `json:"looked" doc:"how many of them were looked at, evenly chosen"`
	Paths   []MergedPath `json:"paths" nullable:"false" doc:"the most frequent first"`
}

// MergedPath is a way that objects have in common.
type MergedPath struct {
	Objects  int          `json:"objects"`
	Retained uint64       `json:"retained" doc:"bytes, of these objects together"`
	Example  uint64       `json:"example" doc:"id of one of them"`
	Steps    []MergedStep `json:"steps" nullable:"false" doc:"from the root's side"`
}

// MergedStep is a class of objects and the reference that leads on.
type MergedStep struct {
	Class string `json:"class"`
	Edge  string `json:"edge" doc:"elements are []"`
}

func (p *Part) registerSeveral(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "growth", Method: http.MethodGet, Path: "/api/growth", Summary: "Classes over several snapshots",
	}, p.growth)
	huma.Register(api, huma.Operation{
		OperationID: "merged-paths", Method: http.MethodGet, Path: "/api/snapshots/{id}/paths", Summary: "The ways on which the objects of a class are kept alive",
	}, p.merged)
	listing(api, "query", "/api/snapshots/{id}/query", "Objects by a query", p.query)
}

var growthOrders = orders[Growth]{
	"name":  func(a, b Growth) int { return cmp.Compare(a.Name, b.Name) },
	"grown": func(a, b Growth) int { return cmp.Compare(a.Grown, b.Grown) },
	"more":  func(a, b Growth) int { return cmp.Compare(a.More, b.More) },
}

func (p *Part) growth(ctx context.Context, in *growthInput) (*output[Page[Growth]], error) {
	var page Page[Growth]
	var last *book
	rows := map[string]*Growth{}
	collect := func(i int, b *book) error {
		summary, err := kept(b.listings, "summary ", func() ([]devtools.ClassRow, error) { return b.view.Summary(ctx, nil) })
		for _, r := range summary {
			g := rows[r.Key]
			if g == nil {
				g = &Growth{Key: r.Key, Name: r.Name, Counts: make([]int, len(in.Snapshots)), Shallow: make([]uint64, len(in.Snapshots))}
				rows[r.Key] = g
			}
			g.Counts[i], g.Shallow[i] = r.Count, r.Shallow
		}
		return err
	}
	for i, id := range in.Snapshots {
		err := p.shelf.lend(ctx, id, func(b *book) error {
			last = b
			return collect(i, b)
		})
		if err != nil {
			return nil, refused(err)
		}
	}
	all := make([]Growth, 0, len(rows))
	for _, g := range rows {
		end := len(in.Snapshots) - 1
		g.Grown = int64(g.Shallow[end]) - int64(g.Shallow[0])
		g.More = g.Counts[end] - g.Counts[0]
		g.Always = true
		for i := range end {
			g.Always = g.Always && g.Shallow[i+1] > g.Shallow[i]
		}
		all = append(all, *g)
	}
	if in.Sort == "" {
		in.Sort, in.Desc = "grown", true
	}
	slices.SortFunc(all, func(a, b Growth) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key)) })
	listings := newListings()
	if last != nil {
		all, err := growthOrders.in(listings, "", &in.Window, func() ([]Growth, error) { return all, nil })
		if err != nil {
			return nil, refused(err)
		}
		page = listed(&in.Window, named(all, in.Text, func(g Growth) string { return g.Name }), func(g Growth) Growth { return g })
	}
	return &output[Page[Growth]]{page}, nil
}

// mostLooked is how many objects of a class are looked at for their ways.
const (
	mostLooked = 2000
	mostMerged = 50
	longest    = 60 // steps of a way
)

func (p *Part) merged(ctx context.Context, in *mergedInput) (*output[Merged], error) {
	all := Merged{Paths: []MergedPath{}}
	err := p.shelf.lend(ctx, in.ID, func(b *book) error {
		filter, err := in.filter(ctx, p.shelf, b.view)
		if err != nil {
			return err
		}
		nodes, err := kept(b.listings, fmt.Sprintf("instances %q %s", in.Key, in.Objects), func() ([]heap.Node, error) { return b.view.Instances(ctx, in.Key, filter) })
		if err != nil {
			return err
		}
		r, err := b.retaining(ctx, nil)
		if err != nil {
			return err
		}
		all.Objects = len(nodes)
		known := map[heap.Node]devtools.Retainer{} // ways mostly meet
		nearest := func(n heap.Node, seen map[heap.Node]bool) (devtools.Retainer, bool) {
			row, ok := known[n]
			if !ok {
				if row, ok = r.Nearest(n, nil); ok {
					known[n] = row
				}
			}
			if ok && seen[row.Node] {
				return r.Nearest(n, seen)
			}
			return row, ok
		}
		paths := map[string]*MergedPath{}
		step := max(1, (len(nodes)+mostLooked-1)/mostLooked)
		for i := 0; i < len(nodes); i += step {
			if err := ctx.Err(); err != nil {
				return err
			}
			all.Looked++
			steps := b.way(nodes[i], nearest)
			key := fmt.Sprint(steps)
			path := paths[key]
			if path == nil {
				path = &MergedPath{Example: b.view.Snapshot().ID(nodes[i]), Steps: steps}
				paths[key] = path
			}
			path.Objects++
			path.Retained += b.view.Snapshot().RetainedSize(nodes[i])
		}
		for _, path := range paths {
			all.Paths = append(all.Paths, *path)
		}
		slices.SortFunc(all.Paths, func(a, b MergedPath) int {
			return cmp.Or(cmp.Compare(b.Objects, a.Objects), cmp.Compare(b.Retained, a.Retained), cmp.Compare(a.Example, b.Example))
		})
		all.Paths = all.Paths[:min(len(all.Paths), mostMerged)]
		return nil
	})
	return answer(all, err)
}

// way is the shortest way from a root to an object, in words that it has in common
// with others: classes for objects, [] for elements.
func (b *book) way(n heap.Node, nearest func(n heap.Node, seen map[heap.Node]bool) (devtools.Retainer, bool)) []MergedStep {
	v, s := b.view, b.view.Snapshot()
	steps := []MergedStep{}
	seen := map[heap.Node]bool{n: true}
	for len(steps) < longest {
		if d := s.Distance(n); d == 0 || d == 1 {
			break // a root's own
		}
		row, ok := nearest(n, seen)
		if !ok {
			break
		}
		edge := s.EdgeName(row.Edge)
		if strings.Trim(edge, "0123456789") == "" {
			edge = "[]"
		}
		n = row.Node
		seen[n] = true
		steps = append(steps, MergedStep{strings.ToValidUTF8(v.ClassName(n), "\uFFFD"), shortened(edge)})
		if row.Distance >= devtools.UnreachableDistance {
			break // no root reaches it
		}
	}
	slices.Reverse(steps)
	return steps
}
