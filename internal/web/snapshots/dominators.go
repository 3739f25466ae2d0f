package snapshots

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plumb-dev/plumb/heap"
)

// Tile is an object in a treemap: what it retains, divided among those that it
// dominates.
type Tile struct {
	Object
	Rest     uint64 `json:"rest,omitempty" doc:"bytes of dominated objects that are too small to be drawn"`
	RestOf   int    `json:"restOf,omitempty" doc:"how many these are"`
	Children []Tile `json:"children,omitempty"`
}

type treemapInput struct {
	ID     string `path:"id"`
	Object string `query:"object" doc:"whose memory is shown; without one, the root's"`
	Depth  int    `query:"depth" minimum:"1" maximum:"6" default:"4"`
}

// Treemap is a tile and the dominators above it.
type Treemap struct {
	Above []Object `json:"above" nullable:"false" doc:"from the root down to the tile's object, without it"`
	Tile  Tile     `json:"tile"`
}

func (p *Part) registerDominators(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "treemap", Method: http.MethodGet, Path: "/api/snapshots/{id}/treemap", Summary: "Retained sizes as nested rectangles",
	}, p.treemap)
}

const (
	smallest  = 400 // a tile smaller than this part of the whole is not drawn
	mostTiles = 60  // in one other
)

func (p *Part) treemap(ctx context.Context, in *treemapInput) (*output[Treemap], error) {
	m := Treemap{Above: []Object{}}
	err := p.shelf.lend(ctx, in.ID, func(b *book) (err error) {
		v, s := b.view, b.view.Snapshot()
		n := s.Root()
		if in.Object != "" {
			if n, err = find(s, in.Object); err != nil {
				return err
			}
		}
		above := v.Dominators(n)
		slices.Reverse(above)
		for _, d := range above {
			if d != n {
				m.Above = append(m.Above, newObject(v, d))
			}
		}
		var tile func(n heap.Node, depth int) Tile
		least := s.RetainedSize(n) / smallest
		tile = func(n heap.Node, depth int) Tile {
			t := Tile{Object: newObject(v, n)}
			if depth == 0 {
				return t
			}
			var large []heap.Node
			for _, d := range s.Dominated(n) {
				if s.RetainedSize(d) >= max(least, 1) {
					large = append(large, d)
				} else {
					t.Rest += s.RetainedSize(d)
					t.RestOf++
				}
			}
			slices.SortStableFunc(large, func(a, b heap.Node) int { return cmp.Compare(s.RetainedSize(b), s.RetainedSize(a)) })
			for i, d := range large {
				if i < mostTiles {
					t.Children = append(t.Children, tile(d, depth-1))
				} else {
					t.Rest += s.RetainedSize(d)
					t.RestOf++
				}
			}
			return t
		}
		m.Tile = tile(n, in.Depth)
		return nil
	})
	return answer(m, err)
}
