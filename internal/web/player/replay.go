package player

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plumb-dev/plumb/internal/lab"
	"github.com/plumb-dev/plumb/internal/lab/simulate"
	"github.com/plumb-dev/plumb/internal/web/problem"
)

// Replay is a recording without its steps' objects.
type Replay struct {
	Program string     `json:"program"`
	Node    string     `json:"node"`
	Files   []lab.File `json:"files" nullable:"false"`
	Steps   []Beat     `json:"steps" nullable:"false"`
	Workers int        `json:"workers,omitempty" doc:"worker threads, which are not recorded"`
	End     lab.End    `json:"end"`
}

// Beat is a step in a row of them.
type Beat struct {
	File        int              `json:"file" doc:"position in files"`
	Line        int              `json:"line"`
	Depth       int              `json:"depth" doc:"frames on the stack"`
	Function    string           `json:"function"`
	HeapUsed    uint64           `json:"heapUsed,omitempty" doc:"bytes, where a snapshot was taken"`
	Died        int              `json:"died,omitempty" doc:"objects found freed"`
	Collections []lab.Collection `json:"collections,omitempty"`
}

// Stop is a step with all that there is to know.
type Stop struct {
	Step       lab.Step            `json:"step"`
	Difference string              `json:"difference" doc:"what the textbook's picture leaves out, in a sentence"`
	InV8       [][]string          `json:"inV8" nullable:"false" doc:"for each variable of each frame, where V8 keeps it"`
	Holders    map[string][]string `json:"holders" doc:"for each object what leads to it"`
}

type step struct {
	ID string `path:"id"`
	N  int    `path:"n" minimum:"1" doc:"from 1"`
}

func (p *Part) registerReplay(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "lab-replay", Method: http.MethodGet, Path: "/api/lab/recordings/{id}", Summary: "A recording's sources and steps",
	}, p.replay)
	huma.Register(api, huma.Operation{
		OperationID: "lab-step", Method: http.MethodGet, Path: "/api/lab/recordings/{id}/steps/{n}", Summary: "Stack and heap before a line runs",
	}, p.step)
	huma.Register(api, huma.Operation{
		OperationID: "lab-collect", Method: http.MethodGet, Path: "/api/lab/recordings/{id}/steps/{n}/collectors", Summary: "What collectors would do at a step, simulated, and what V8 did",
	}, p.collect)
	huma.Register(api, huma.Operation{
		OperationID: "lab-watch", Method: http.MethodGet, Path: "/api/lab/recordings/{id}/variables/{name}", Summary: "The values of a variable over the steps",
	}, p.watch)
	huma.Register(api, huma.Operation{
		OperationID: "lab-life", Method: http.MethodGet, Path: "/api/lab/recordings/{id}/objects/{object}", Summary: "The life of an object over the steps",
	}, p.life)
}

type recording struct {
	ID string `path:"id"`
}

func (p *Part) replay(_ context.Context, in *recording) (*output[Replay], error) {
	t, err := p.trace(in.ID)
	if err != nil {
		return nil, err
	}
	r := Replay{Program: t.Program, Node: t.Node, Files: t.Files, Workers: t.Workers, End: t.End, Steps: []Beat{}}
	for i := range t.Steps {
		s := &t.Steps[i]
		b := Beat{File: s.File, Line: s.Line, Depth: len(s.Frames), HeapUsed: s.HeapUsed, Died: len(s.Died), Collections: s.Collections}
		if len(s.Frames) > 0 {
			b.Function = s.Frames[0].Function
		}
		r.Steps = append(r.Steps, b)
	}
	return &output[Replay]{r}, nil
}

// at finds a step of a recording.
func (p *Part) at(id string, n int) (*lab.Trace, error) {
	t, err := p.trace(id)
	if err == nil && n > len(t.Steps) {
		err = problem.New(http.StatusNotFound, fmt.Errorf("there is no step %d", n), fmt.Sprintf("the recording has %d", len(t.Steps)))
	}
	return t, err
}

func (p *Part) step(_ context.Context, in *step) (*output[Stop], error) {
	t, err := p.at(in.ID, in.N)
	if err != nil {
		return nil, err
	}
	s := &t.Steps[in.N-1]
	stop := Stop{Step: *s, Difference: s.Difference(), InV8: [][]string{}, Holders: map[string][]string{}}
	for _, f := range s.Frames {
		where := []string{}
		for _, v := range f.Variables {
			where = append(where, v.InV8())
		}
		stop.InV8 = append(stop.InV8, where)
	}
	for id, held := range lab.Holders(s) {
		stop.Holders[fmt.Sprint(id)] = held
	}
	return &output[Stop]{stop}, nil
}

func (p *Part) collect(_ context.Context, in *struct {
	ID  string `path:"id"`
	N   int    `path:"n" minimum:"1" doc:"from 1"`
	Cut string `query:"cut" doc:"a reference that is taken away before: NAME of a variable, @ID.NAME of a property"`
},
) (*output[simulate.Result], error) {
	t, err := p.at(in.ID, in.N)
	if err != nil {
		return nil, err
	}
	r, err := simulate.At(t, in.N, in.Cut)
	if errors.Is(err, simulate.ErrNoReference) {
		return nil, problem.New(http.StatusNotFound, fmt.Errorf("there is no reference %s to an object at this step", in.Cut), "choose an arrow that is there at this step")
	}
	if err != nil {
		return nil, err
	}
	return &output[simulate.Result]{*r}, nil
}

// Watched is what a variable was.
type Watched struct {
	Changes []lab.Change `json:"changes" nullable:"false"`
}

func (p *Part) watch(_ context.Context, in *struct {
	ID   string `path:"id"`
	Name string `path:"name"`
},
) (*output[Watched], error) {
	t, err := p.trace(in.ID)
	if err != nil {
		return nil, err
	}
	return &output[Watched]{Watched{append([]lab.Change{}, t.Watch(in.Name)...)}}, nil
}

// Life is what became of an object.
type Life struct {
	Moments []lab.Moment `json:"moments" nullable:"false"`
}

func (p *Part) life(_ context.Context, in *struct {
	ID     string `path:"id"`
	Object int    `path:"object"`
},
) (*output[Life], error) {
	t, err := p.trace(in.ID)
	if err != nil {
		return nil, err
	}
	return &output[Life]{Life{append([]lab.Moment{}, t.Life(in.Object)...)}}, nil
}
