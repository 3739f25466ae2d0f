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
	"github.com/plumb-dev/plumb/internal/leak"
)

// Object is an object in a row. Sizes are bytes.
type Object struct {
	Node     uint32 `json:"node" doc:"its position in the file"`
	ID       uint64 `json:"id" doc:"V8's number of it"`
	Label    string `json:"label" doc:"as DevTools shows it"`
	Type     string `json:"type"`
	Distance int32  `json:"distance" doc:"below 0: not reachable; from 100000000 on only the system reaches it"`
	Shallow  uint64 `json:"shallow"`
	Retained uint64 `json:"retained"`
	Edges    int    `json:"edges" doc:"references that it has"`
	Detached bool   `json:"detached,omitempty"`
}

// mostText is how much of a long name is sent, in bytes.
const mostText = 400

func newObject(v *devtools.View, n heap.Node) Object {
	s := v.Snapshot()
	first, end := s.Edges(n)
	return Object{
		uint32(n), s.ID(n), shortened(v.Label(n)), s.TypeName(n), s.Distance(n), s.ShallowSize(n), s.RetainedSize(n),
		int(end - first), s.Detachedness(n) == heap.Detached,
	}
}

func shortened(text string) string {
	if len(text) <= mostText {
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	return strings.ToValidUTF8(text[:mostText], "") + "…"
}

// Reference is an object and the reference that leads to it, or from it.
type Reference struct {
	Edge     string `json:"edge"`
	EdgeType string `json:"edgeType"`
	Object
	Cycle   bool `json:"cycle,omitempty" doc:"among the rows above"`
	Ignored bool `json:"ignored,omitempty" doc:"taken for absent"`
}

func nodeOrders(v *devtools.View) orders[heap.Node] {
	s := v.Snapshot()
	return orders[heap.Node]{
		"label":    func(a, b heap.Node) int { return wtf8.Compare(v.DisplayName(a), v.DisplayName(b)) },
		"id":       func(a, b heap.Node) int { return cmp.Compare(s.ID(a), s.ID(b)) },
		"distance": func(a, b heap.Node) int { return cmp.Compare(s.Distance(a), s.Distance(b)) },
		"shallow":  func(a, b heap.Node) int { return cmp.Compare(s.ShallowSize(a), s.ShallowSize(b)) },
		"retained": func(a, b heap.Node) int { return cmp.Compare(s.RetainedSize(a), s.RetainedSize(b)) },
	}
}

// nodes is nodes in a window's order, of which there may be millions.
func (b *book) nodes(key string, w *Window, compute func() ([]heap.Node, error)) ([]heap.Node, error) {
	s := b.view.Snapshot()
	number, ok := map[string]func(heap.Node) uint64{
		"id": s.ID, "shallow": s.ShallowSize, "retained": s.RetainedSize,
		"distance": func(n heap.Node) uint64 { return uint64(int64(s.Distance(n)) - heap.NoDistance) },
	}[w.Sort]
	if !ok {
		return nodeOrders(b.view).in(b.listings, key, w, compute)
	}
	return kept(b.listings, fmt.Sprintf("%s by %s %v", key, w.Sort, w.Desc), func() ([]heap.Node, error) {
		nodes, err := kept(b.listings, key, compute)
		nodes = slices.Clone(nodes)
		devtools.SortByNumber(nodes, number, w.Desc)
		return nodes, err
	})
}

func edgeOrders(v *devtools.View) orders[heap.Edge] {
	s := v.Snapshot()
	byEdge := orders[heap.Edge]{"edge": func(a, b heap.Edge) int { return wtf8.Compare(s.EdgeName(a), s.EdgeName(b)) }}
	for name, compare := range nodeOrders(v) {
		byEdge[name] = func(a, b heap.Edge) int { return compare(s.EdgeTarget(a), s.EdgeTarget(b)) }
	}
	return byEdge
}

type referencesInput struct {
	ID     string `path:"id"`
	Object string `path:"object" doc:"V8's id of the object, or # and its position in the file"`
	Window
}

type retainersInput struct {
	ID     string   `path:"id"`
	Object string   `path:"object" doc:"V8's id of the object, or # and its position in the file"`
	Ignore []string `query:"ignore,explode" doc:"objects that are taken for absent"`
	Above  []string `query:"above,explode" doc:"the rows above: one of them again is a cycle"`
	Window
}

// Detail is all there is to say about an object.
type Detail struct {
	Object
	Value     string    `json:"value" doc:"of a string its text, as far as the snapshot has it"`
	Class     string    `json:"class"`
	ClassKey  string    `json:"classKey"`
	Retainers int       `json:"retainers" doc:"references that lead to it"`
	Source    *Position `json:"source,omitempty" doc:"where its constructor, or the function itself, is written"`
	Stack     []Call    `json:"stack,omitempty" doc:"what was running when it was made, where that was recorded"`
	Alone     string    `json:"alone,omitempty" doc:"why nothing retains it"`
}

// Position is a place in a script.
type Position struct {
	Script string `json:"script"`
	Line   int    `json:"line" doc:"from 1"`
	Column int    `json:"column" doc:"from 1"`
}

// Call is a function in a stack.
type Call struct {
	Function string `json:"function"`
	Script   string `json:"script"`
	Line     int    `json:"line"`
}

func (p *Part) registerObjects(api huma.API) {
	const one = "/api/snapshots/{id}/objects/{object}"
	huma.Register(api, huma.Operation{OperationID: "object", Method: http.MethodGet, Path: one, Summary: "An object"}, p.object)
	listing(api, "references", one+"/references", "What an object refers to", p.references)
	listing(api, "retainers", one+"/retainers", "What refers to an object", p.retainers)
	listing(api, "dominated", one+"/dominated", "What would be freed with an object, one level deep", p.dominated)
	huma.Register(api, huma.Operation{OperationID: "paths", Method: http.MethodGet, Path: one + "/paths", Summary: "The shortest ways on which an object is kept alive"}, p.paths)
}

// with finds the object of a request.
func (p *Part) with(ctx context.Context, id, object string, use func(*book, heap.Node) error) error {
	return p.shelf.lend(ctx, id, func(b *book) error {
		n, err := find(b.view.Snapshot(), object)
		if err != nil {
			return err
		}
		return use(b, n)
	})
}

func (p *Part) object(ctx context.Context, in *object) (*output[Detail], error) {
	var d Detail
	err := p.with(ctx, in.ID, in.Object, func(b *book, n heap.Node) error {
		v, s := b.view, b.view.Snapshot()
		d = Detail{Object: newObject(v, n), Class: v.ClassName(n), ClassKey: v.ClassKey(n), Retainers: s.RetainerCount(n)}
		if t := s.Type(n); t == heap.String || t == heap.ConcatenatedString || t == heap.SlicedString {
			d.Value = strings.ToValidUTF8(v.DisplayName(n), "\uFFFD")
		}
		if l, ok := s.Location(n); ok {
			urls, _ := kept(b.listings, "scripts", func() (map[int64]string, error) { return leak.ScriptURLs(s), nil })
			d.Source = &Position{Script: urls[l.ScriptID], Line: int(l.Line) + 1, Column: int(l.Column) + 1}
		}
		if a, err := kept(b.listings, "allocations", func() (*devtools.Allocations, error) { return v.Allocations(), nil }); err == nil && a != nil {
			for _, f := range a.Stack(s.TraceNodeID(n)) {
				if functions := s.TraceFunctions(); int(f) < len(functions) {
					d.Stack = append(d.Stack, Call{functions[f].Name, functions[f].ScriptName, int(functions[f].Line)})
				}
			}
		}
		d.Alone = alone(s, n)
		return nil
	})
	return answer(d, err)
}

// alone says why nothing retains an object; "" when something does.
func alone(s *heap.Snapshot, n heap.Node) string {
	switch {
	case n == s.Root():
		return "Nothing retains the root: everything hangs on it."
	case s.RetainerCount(n) == 0:
		return "Nothing refers to this object: it is garbage that V8 had not collected when the snapshot was taken."
	}
	byRoot := false
	for e, from := range s.Retainers(n) {
		if s.EdgeType(e) == heap.WeakEdge {
			continue
		}
		if from != s.Root() {
			return ""
		}
		byRoot = true
	}
	if byRoot {
		return "Only the root itself retains this object."
	}
	return "Only weak references lead to this object: nothing keeps it alive."
}

func (p *Part) references(ctx context.Context, in *referencesInput) (page Page[Reference], err error) {
	return page, p.with(ctx, in.ID, in.Object, func(b *book, n heap.Node) error {
		v, s := b.view, b.view.Snapshot()
		edges, err := edgeOrders(v).in(b.listings, fmt.Sprint("references ", n), &in.Window, func() ([]heap.Edge, error) { return v.Containment(n), nil })
		page = listed(&in.Window, edges, func(e heap.Edge) Reference {
			return Reference{Edge: shortened(s.EdgeName(e)), EdgeType: s.EdgeTypeName(e), Object: newObject(v, s.EdgeTarget(e))}
		})
		return err
	})
}

// retaining is the retainers perspective of a snapshot without some objects.
func (b *book) retaining(ctx context.Context, ignore []string) (*devtools.Retaining, error) {
	return kept(b.listings, fmt.Sprint("retaining ", ignore), func() (*devtools.Retaining, error) {
		var nodes []heap.Node
		for _, name := range ignore {
			n, err := find(b.view.Snapshot(), name)
			if err != nil {
				return nil, err
			}
			nodes = append(nodes, n)
		}
		return b.view.Retaining(ctx, nodes...)
	})
}

func (p *Part) retainers(ctx context.Context, in *retainersInput) (page Page[Reference], err error) {
	return page, p.with(ctx, in.ID, in.Object, func(b *book, n heap.Node) error {
		r, err := b.retaining(ctx, in.Ignore)
		if err != nil {
			return err
		}
		v, s := b.view, b.view.Snapshot()
		above := map[heap.Node]bool{n: true}
		for _, name := range in.Above {
			if n, err := find(s, name); err == nil {
				above[n] = true
			}
		}
		byRetainer := orders[devtools.Retainer]{"distance": func(a, b devtools.Retainer) int { return cmp.Compare(a.Distance, b.Distance) }}
		for _, name := range []string{"label", "id", "shallow", "retained"} {
			compare := nodeOrders(v)[name]
			byRetainer[name] = func(a, b devtools.Retainer) int { return compare(a.Node, b.Node) }
		}
		rows, err := byRetainer.in(b.listings, fmt.Sprint("retainers ", n, in.Ignore), &in.Window, func() ([]devtools.Retainer, error) { return r.Rows(n), nil })
		page = listed(&in.Window, rows, func(r devtools.Retainer) Reference {
			row := Reference{
				Edge: shortened(s.EdgeName(r.Edge)), EdgeType: s.EdgeTypeName(r.Edge), Object: newObject(v, r.Node),
				Cycle: r.Cycle || above[r.Node], Ignored: r.Ignored,
			}
			row.Distance = r.Distance
			return row
		})
		return err
	})
}

func (p *Part) dominated(ctx context.Context, in *referencesInput) (page Page[Object], err error) {
	return page, p.with(ctx, in.ID, in.Object, func(b *book, n heap.Node) error {
		v := b.view
		if in.Sort == "" {
			in.Sort, in.Desc = "retained", true
		}
		nodes, err := b.nodes(fmt.Sprint("dominated ", n), &in.Window, func() ([]heap.Node, error) { return v.Snapshot().Dominated(n), nil })
		page = listed(&in.Window, nodes, func(n heap.Node) Object { return newObject(v, n) })
		return err
	})
}

// Paths are ways from roots to an object, the object last.
type Paths struct {
	Paths [][]Reference `json:"paths" nullable:"false" doc:"each from the root's side: the edge of a row leads to the next one"`
	More  bool          `json:"more" doc:"there are others"`
}

// mostPaths is how many are shown.
const mostPaths = 10

func (p *Part) paths(ctx context.Context, in *object) (*output[Paths], error) {
	all := Paths{Paths: [][]Reference{}}
	err := p.with(ctx, in.ID, in.Object, func(b *book, n heap.Node) error {
		r, err := b.retaining(ctx, nil)
		if err != nil {
			return err
		}
		v, s := b.view, b.view.Snapshot()
		limits := devtools.DefaultPathLimits()
		found := r.Paths(n, limits)
		all.More = found.Reached.Depth || found.Reached.Nodes || found.Reached.Siblings
		var walk func(edges []devtools.PathEdge, below []Reference)
		walk = func(edges []devtools.PathEdge, below []Reference) {
			for _, e := range edges {
				if len(all.Paths) == mostPaths {
					all.More = true
					return
				}
				path := append([]Reference{{Edge: shortened(s.EdgeName(e.Edge)), EdgeType: s.EdgeTypeName(e.Edge), Object: newObject(v, e.Node)}}, below...)
				if len(e.Children) == 0 {
					all.Paths = append(all.Paths, path)
				} else {
					walk(e.Children, path)
				}
			}
		}
		walk(found.Paths, []Reference{{Object: newObject(v, n)}})
		return nil
	})
	return answer(all, err)
}
