// Package player is the lab in the page: recorded runs, step by step, and the
// exhibits.
//
// A step is sent when the page asks for it: a trace may have a thousand, each with
// all objects. What is computed, a collector that runs or a reference that is cut, is
// computed here and not in the page, by the package that the terminal asks, too.
//
// The page cannot name a program: it runs what is inside plumb, the exhibits and the
// tutorial's demo, in a child process with limits, and only when it is told to.
// Other programs are recorded by the command that shows the page.
package player

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plumb-dev/plumb/internal/lab"
	"github.com/plumb-dev/plumb/internal/lab/exhibit"
	"github.com/plumb-dev/plumb/internal/web/problem"
)

// Part is the lab of one server.
type Part struct {
	node string // that runs programs

	mu     sync.Mutex
	traces []*lab.Trace // by their number, from 1

	running sync.Mutex // one program at a time: each is measured
}

// New makes a part whose programs a Node.js runs.
func New(node string) *Part { return &Part{node: node} }

// Name is how the page knows the part.
func (*Part) Name() string { return "lab" }

// Add shows a trace, and returns its number.
func (p *Part) Add(t *lab.Trace) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.traces = append(p.traces, t)
	return strconv.Itoa(len(p.traces))
}

func (p *Part) trace(id string) (*lab.Trace, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, err := strconv.Atoi(id)
	if err != nil || n < 1 || n > len(p.traces) {
		return nil, problem.New(http.StatusNotFound, fmt.Errorf("there is no recording %q", id), "record the program again: recordings end with the plumb that made them, unless they are saved with --save")
	}
	return p.traces[n-1], nil
}

// Lab is what there is to see.
type Lab struct {
	Recordings []Recording   `json:"recordings" nullable:"false"`
	Exhibits   []ExhibitLine `json:"exhibits" nullable:"false"`
}

// Recording is a trace in a list.
type Recording struct {
	ID      string  `json:"id"`
	Program string  `json:"program"`
	Node    string  `json:"node"`
	Steps   int     `json:"steps"`
	End     lab.End `json:"end"`
}

// ExhibitLine is an exhibit in a list.
type ExhibitLine struct {
	Name      string `json:"name"`
	Title     string `json:"title"`
	Predicted int    `json:"predicted" doc:"bytes that a call of the leaky program leaves behind"`
	Signal    string `json:"signal"`
	Lint      string `json:"lint,omitempty"`
}

// Register adds the operations.
func (p *Part) Register(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "lab", Method: http.MethodGet, Path: "/api/lab", Summary: "Recordings and exhibits",
	}, p.list)
	huma.Register(api, huma.Operation{
		OperationID: "lab-exhibit", Method: http.MethodGet, Path: "/api/lab/exhibits/{name}", Summary: "A leak and its fix",
	}, p.exhibit)
	huma.Register(api, huma.Operation{
		OperationID: "lab-measure", Method: http.MethodPost, Path: "/api/lab/exhibits/{name}/measure", Summary: "Run an exhibit and its fix, and measure what a call leaves behind",
	}, p.measure)
	huma.Register(api, huma.Operation{
		OperationID: "lab-record", Method: http.MethodPost, Path: "/api/lab/recordings", Summary: "Run the tutorial's demo, or an exhibit, line by line",
	}, p.record)
	huma.Register(api, huma.Operation{
		OperationID: "lab-stages", Method: http.MethodPost, Path: "/api/lab/stages", Summary: "Run the tutorial's demo and read its memory at each stage",
	}, p.stages)
	huma.Register(api, huma.Operation{
		OperationID: "lab-prevention", Method: http.MethodPost, Path: "/api/lab/prevention", Summary: "Run pairs of programs that show habits which prevent leaks",
	}, p.prevention)
	p.registerReplay(api)
}

func (p *Part) list(context.Context, *struct{}) (*output[Lab], error) {
	all, err := exhibit.All()
	if err != nil {
		return nil, err
	}
	here := Lab{Recordings: []Recording{}}
	for _, e := range all {
		here.Exhibits = append(here.Exhibits, ExhibitLine{e.Name, e.Title, e.Predicted, string(e.Signal), e.Lint})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, t := range p.traces {
		here.Recordings = append(here.Recordings, Recording{strconv.Itoa(i + 1), t.Program, t.Node, len(t.Steps), t.End})
	}
	return &output[Lab]{here}, nil
}

// output is an answer of huma's form.
type output[T any] struct{ Body T }

type named struct {
	Name string `path:"name"`
}

func (p *Part) exhibit(_ context.Context, in *named) (*output[exhibit.Exhibit], error) {
	e, err := find(in.Name)
	if err != nil {
		return nil, err
	}
	return &output[exhibit.Exhibit]{e}, nil
}

func find(name string) (exhibit.Exhibit, error) {
	e, found, err := exhibit.Find(name)
	if err == nil && !found {
		err = problem.New(http.StatusNotFound, fmt.Errorf("there is no exhibit %q", name), "the lab lists the exhibits")
	}
	return e, err
}

// longest is how long a program may run.
const longest = time.Minute

// alone runs something while nothing else runs.
func (p *Part) alone(ctx context.Context, run func(context.Context) error) error {
	p.running.Lock()
	defer p.running.Unlock()
	timed, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	err := run(timed)
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return problem.New(http.StatusFailedDependency, err, "install Node.js, or name it with --node when you start plumb lab")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(timed.Err(), context.DeadlineExceeded):
		return problem.New(http.StatusGatewayTimeout, fmt.Errorf("it took longer than %v", longest), "is this machine very busy?")
	case err != nil:
		return problem.New(http.StatusInternalServerError, err, "the lab needs Node.js 20 or later")
	}
	return nil
}

func (p *Part) measure(ctx context.Context, in *named) (*output[exhibit.Measured], error) {
	e, err := find(in.Name)
	if err != nil {
		return nil, err
	}
	var m *exhibit.Measured
	err = p.alone(ctx, func(ctx context.Context) (err error) {
		m, err = exhibit.Run(ctx, &e, p.node)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &output[exhibit.Measured]{*m}, nil
}

// folder runs something in a folder that is gone afterwards.
func folder(run func(path string) error) error {
	path, err := os.MkdirTemp("", "plumb-lab")
	if err != nil {
		return err
	}
	defer os.RemoveAll(path)
	return run(path)
}
