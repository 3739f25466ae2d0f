package snapshots

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
	"github.com/plumb-dev/plumb/internal/devtools"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/web/problem"
)

type textsInput struct {
	ID string `path:"id"`
	Window
}

// Text is a string that the heap holds more than once.
type Text struct {
	Value     string `json:"value"`
	Count     int    `json:"count"`
	Shallow   uint64 `json:"shallow"`
	Retained  uint64 `json:"retained"`
	Truncated bool   `json:"truncated,omitempty" doc:"the snapshot has only the beginning"`
	First     uint64 `json:"first" doc:"id of one of them"`
}

// Allocator is a function that allocated while that was recorded.
type Allocator struct {
	Index     uint32 `json:"index" doc:"position of the function in the file"`
	Function  string `json:"function"`
	Script    string `json:"script"`
	Line      int64  `json:"line"`
	Count     uint64 `json:"count"`
	Size      uint64 `json:"size"`
	LiveCount uint64 `json:"liveCount"`
	LiveSize  uint64 `json:"liveSize"`
	Called    bool   `json:"called" doc:"it has callers"`
}

type callersInput struct {
	ID string `path:"id"`
	Of string `query:"of" doc:"positions of functions with dots between: a function, one that called it, and so on"`
	Window
}

type whatIfInput struct {
	ID   string `path:"id"`
	Body struct {
		Objects []string `json:"objects" maxItems:"1000" doc:"ids of what is gone"`
	}
}

// Contexts are the native contexts of a heap: pages, frames, vm contexts.
type Contexts struct {
	Contexts []NativeContext `json:"contexts" nullable:"false"`
	Shared   uint64          `json:"shared" doc:"bytes that several have in common"`
	None     uint64          `json:"none" doc:"bytes that belong to none"`
}

// NativeContext is one of them.
type NativeContext struct {
	Object
	Size uint64 `json:"size" doc:"bytes that are its alone"`
}

func (p *Part) registerRest(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "statistics", Method: http.MethodGet, Path: "/api/snapshots/{id}/statistics", Summary: "Memory by kind",
	}, func(ctx context.Context, in *of) (*output[devtools.Statistics], error) {
		var s devtools.Statistics
		return answer2(&s, p.shelf.lend(ctx, in.ID, func(b *book) error {
			s = b.view.Statistics()
			return nil
		}))
	})
	listing(api, "strings", "/api/snapshots/{id}/strings", "Strings that are there more than once", p.strings)
	listing(api, "allocations", "/api/snapshots/{id}/allocations", "Functions that allocated", p.allocations)
	listing(api, "callers", "/api/snapshots/{id}/callers", "Who called a function that allocated", p.callers)
	huma.Register(api, huma.Operation{
		OperationID: "whatif", Method: http.MethodPost, Path: "/api/snapshots/{id}/whatif", Summary: "What would be freed if objects were gone",
	}, p.whatIf)
	huma.Register(api, huma.Operation{
		OperationID: "contexts", Method: http.MethodGet, Path: "/api/snapshots/{id}/contexts", Summary: "Memory by native context",
	}, p.contexts)
}

// answer2 is answer for what was filled in meanwhile.
func answer2[T any](body *T, err error) (*output[T], error) { return answer(*body, err) }

var textOrders = orders[devtools.StringGroup]{
	"value":    func(a, b devtools.StringGroup) int { return wtf8.Compare(a.Value, b.Value) },
	"count":    func(a, b devtools.StringGroup) int { return cmp.Compare(len(a.Nodes), len(b.Nodes)) },
	"shallow":  func(a, b devtools.StringGroup) int { return cmp.Compare(a.Shallow, b.Shallow) },
	"retained": func(a, b devtools.StringGroup) int { return cmp.Compare(a.Retained, b.Retained) },
}

func (p *Part) strings(ctx context.Context, in *textsInput) (page Page[Text], err error) {
	return page, p.shelf.lend(ctx, in.ID, func(b *book) error {
		groups, err := textOrders.in(b.listings, "strings", &in.Window, func() ([]devtools.StringGroup, error) { return b.view.DuplicateStrings(), nil })
		page = listed(&in.Window, groups, func(g devtools.StringGroup) Text {
			return Text{shortened(g.Value), len(g.Nodes), g.Shallow, g.Retained, g.Truncated, b.view.Snapshot().ID(g.Nodes[0])}
		})
		return err
	})
}

var allocatorOrders = orders[devtools.AllocatedBy]{
	"count":     func(a, b devtools.AllocatedBy) int { return cmp.Compare(a.Count, b.Count) },
	"size":      func(a, b devtools.AllocatedBy) int { return cmp.Compare(a.Size, b.Size) },
	"liveCount": func(a, b devtools.AllocatedBy) int { return cmp.Compare(a.LiveCount, b.LiveCount) },
	"liveSize":  func(a, b devtools.AllocatedBy) int { return cmp.Compare(a.LiveSize, b.LiveSize) },
}

func (p *Part) allocations(ctx context.Context, in *textsInput) (page Page[Allocator], err error) {
	return page, p.shelf.lend(ctx, in.ID, func(b *book) error {
		recorded, err := kept(b.listings, "allocations", func() (*devtools.Allocations, error) { return b.view.Allocations(), nil })
		if err != nil {
			return err
		}
		if recorded == nil {
			return problem.New(http.StatusNotFound, fmt.Errorf("%s has no recorded allocations", b.name), "record with allocation stacks on, in DevTools or with HeapProfiler.startTrackingHeapObjects")
		}
		rows, err := allocatorOrders.in(b.listings, "allocators", &in.Window, func() ([]devtools.AllocatedBy, error) { return recorded.Tops(), nil })
		page = listed(&in.Window, rows, allocatorsOf(b))
		return err
	})
}

// allocatorsOf makes rows.
func allocatorsOf(b *book) func(devtools.AllocatedBy) Allocator {
	functions := b.view.Snapshot().TraceFunctions()
	return func(a devtools.AllocatedBy) Allocator {
		row := Allocator{Index: a.Function, Count: a.Count, Size: a.Size, LiveCount: a.LiveCount, LiveSize: a.LiveSize, Called: a.HasCallers}
		if int(a.Function) < len(functions) {
			f := functions[a.Function]
			row.Function, row.Script, row.Line = f.Name, f.ScriptName, f.Line
		}
		return row
	}
}

// callers are a level of the tree of those who called a function: what each row counts
// is what the function allocated for it.
func (p *Part) callers(ctx context.Context, in *callersInput) (page Page[Allocator], err error) {
	return page, p.shelf.lend(ctx, in.ID, func(b *book) error {
		recorded, err := kept(b.listings, "allocations", func() (*devtools.Allocations, error) { return b.view.Allocations(), nil })
		if err != nil {
			return err
		}
		rows, err := allocatorOrders.in(b.listings, "callers "+in.Of, &in.Window, func() ([]devtools.AllocatedBy, error) {
			var at *devtools.Caller
			for name := range strings.SplitSeq(in.Of, ".") {
				function, err := strconv.ParseUint(name, 10, 32)
				if err != nil || recorded == nil {
					return nil, noCaller(in.Of)
				}
				if at == nil {
					at = recorded.Root(uint32(function))
				} else if i := slices.IndexFunc(at.Direct(), func(c *devtools.Caller) bool { return c.Function == uint32(function) }); i >= 0 {
					at = at.Direct()[i]
				} else {
					at = nil
				}
				if at == nil {
					return nil, noCaller(in.Of)
				}
			}
			rows := []devtools.AllocatedBy{}
			for _, c := range at.Direct() {
				rows = append(rows, c.AllocatedBy)
			}
			return rows, nil
		})
		if err == nil {
			page = listed(&in.Window, rows, allocatorsOf(b))
		}
		return err
	})
}

func noCaller(of string) error {
	return problem.New(http.StatusNotFound, fmt.Errorf("there is no caller %q", of), "the list of allocations has the functions")
}

func (p *Part) whatIf(ctx context.Context, in *whatIfInput) (*output[leak.Freed], error) {
	var freed *leak.Freed
	err := p.shelf.lend(ctx, in.ID, func(b *book) error {
		var nodes []heap.Node
		for _, name := range in.Body.Objects {
			n, err := find(b.view.Snapshot(), name)
			if err != nil {
				return err
			}
			if n == b.view.Snapshot().Root() {
				return problem.New(http.StatusBadRequest, fmt.Errorf("%s is the root", name), "everything lives by the root; choose an object below it")
			}
			nodes = append(nodes, n)
		}
		var err error
		freed, err = leak.WhatIf(ctx, b.view.Snapshot(), nodes, nil)
		return err
	})
	if err != nil {
		return nil, refused(err)
	}
	for i := range freed.Classes {
		freed.Classes[i].Name = strings.ToValidUTF8(freed.Classes[i].Name, "\uFFFD")
	}
	return &output[leak.Freed]{*freed}, nil
}

func (p *Part) contexts(ctx context.Context, in *of) (*output[Contexts], error) {
	all := Contexts{Contexts: []NativeContext{}}
	err := p.shelf.lend(ctx, in.ID, func(b *book) error {
		sizes := b.view.NativeContextSizes()
		all.Shared, all.None = sizes.SharedSize, sizes.NoAttributionSize
		for _, c := range sizes.Contexts {
			all.Contexts = append(all.Contexts, NativeContext{newObject(b.view, c.Node), c.AttributedSize})
		}
		return nil
	})
	return answer(all, err)
}
