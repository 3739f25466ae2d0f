// Package live is the programs that plumb run keeps up on this machine, in the page:
// how they are, what their memory did, and a few things that can be done to them.
//
// Terms: an app has instances; the history of an instance is the samples of the last
// six hours, as long as the page has been served. Samples come from each plumb's own
// socket, and from its /metrics where it shows them.
package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plumb-dev/plumb/internal/supervise"
	"github.com/plumb-dev/plumb/internal/supervise/control"
	"github.com/plumb-dev/plumb/internal/web/problem"
)

// Part is the programs of this machine. Close it.
type Part struct {
	folder string // where snapshots are put

	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	looks   bool
	history map[instance]*history
	work    sync.WaitGroup
}

type instance struct {
	app    string
	number int
}

const (
	pause = 5 * time.Second
	kept  = 6 * time.Hour
)

// New makes the part, which begins to look at the programs when somebody first looks at
// it: asking a program for its figures costs it a little. Snapshots that the page asks for
// are put into a folder; "" is none.
func New(folder string) *Part {
	ctx, cancel := context.WithCancel(context.Background())
	return &Part{folder: folder, history: map[instance]*history{}, ctx: ctx, cancel: cancel}
}

// look has the programs looked at from now on.
func (p *Part) look() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.looks || p.ctx.Err() != nil {
		return
	}
	p.looks = true
	p.work.Go(func() {
		ticker := time.NewTicker(pause)
		defer ticker.Stop()
		for {
			_, _ = p.sample(p.ctx)
			select {
			case <-ticker.C:
			case <-p.ctx.Done():
				return
			}
		}
	})
}

// Close ends the looking.
func (p *Part) Close() {
	p.mu.Lock()
	p.cancel()
	p.mu.Unlock()
	p.work.Wait()
}

// Name is how the page knows the part.
func (*Part) Name() string { return "live" }

// Apps are the programs that are kept up.
type Apps struct {
	Instances []Instance `json:"instances" nullable:"false"`
}

// Instance is one process of an app.
type Instance struct {
	supervise.Status
	Now *Sample `json:"now,omitempty" doc:"its last figures"`
}

// sample asks every plumb, and keeps what it says.
func (p *Part) sample(ctx context.Context) ([]Instance, error) {
	list, err := control.Statuses(ctx)
	if err != nil {
		return nil, err
	}
	figures := scraped(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, h := range p.history {
		if time.Since(h.last().Time) > kept { // its app has gone
			delete(p.history, key)
		}
	}
	all := []Instance{}
	for _, s := range list {
		key := instance{s.App, s.Instance}
		h := p.history[key]
		if h == nil {
			h = &history{}
			p.history[key] = h
		}
		now := figures[key]
		now.Time, now.RSS, now.Restarts = time.Now(), float64(s.RSS), s.Restarts
		if now.HeapUsed == 0 {
			now.HeapUsed = float64(s.Heap)
		}
		h.add(now)
		all = append(all, Instance{s, &now})
	}
	return all, nil
}

type output[T any] struct{ Body T }

type one struct {
	App      string `path:"app"`
	Instance int    `path:"instance" minimum:"0"`
}

// Done is what an action did.
type Done struct {
	Text string `json:"text" doc:"in a sentence"`
	File string `json:"file,omitempty" doc:"the snapshot's name"`
	// Of a collection.
	Before uint64 `json:"before,omitempty" doc:"heapUsed, bytes"`
	After  uint64 `json:"after,omitempty" doc:"heapUsed, bytes"`
}

// Register adds the operations.
func (p *Part) Register(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "apps", Method: http.MethodGet, Path: "/api/apps", Summary: "The programs that are kept up",
	}, func(ctx context.Context, _ *struct{}) (*output[Apps], error) {
		p.look()
		all, err := p.sample(ctx)
		if err != nil {
			return nil, problem.New(http.StatusInternalServerError, err, "plumb status says more")
		}
		return &output[Apps]{Apps{all}}, nil
	})
	huma.Register(api, huma.Operation{
		OperationID: "app-history", Method: http.MethodGet, Path: "/api/apps/{app}/{instance}/history", Summary: "What an instance's memory did",
	}, p.past)
	huma.Register(api, huma.Operation{
		OperationID: "app-restart", Method: http.MethodPost, Path: "/api/apps/{app}/restart", Summary: "Restart an app",
	}, p.restart)
	huma.Register(api, huma.Operation{
		OperationID: "app-collect", Method: http.MethodPost, Path: "/api/apps/{app}/{instance}/collect", Summary: "Collect garbage in an instance",
	}, p.collect)
	huma.Register(api, huma.Operation{
		OperationID: "app-snapshot", Method: http.MethodPost, Path: "/api/apps/{app}/{instance}/snapshot", Summary: "Take a snapshot of an instance",
	}, p.capture)
	huma.Register(api, huma.Operation{
		OperationID: "app-profile", Method: http.MethodPost, Path: "/api/apps/{app}/{instance}/profile", Summary: "Sample the allocations of an instance",
	}, p.profile)
}

// Past is the history of an instance, the oldest sample first.
type Past struct {
	Samples []Sample `json:"samples" nullable:"false"`
}

func (p *Part) past(_ context.Context, in *one) (*output[Past], error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.history[instance{in.App, in.Instance}]
	if h == nil {
		return nil, problem.New(http.StatusNotFound, fmt.Errorf("there is no instance %d of %s", in.Instance, in.App), "the list has those that are there")
	}
	return &output[Past]{Past{h.list()}}, nil
}

func (p *Part) restart(ctx context.Context, in *struct {
	App string `path:"app"`
},
) (*output[Done], error) {
	c, err := control.Dial(in.App)
	if err == nil {
		_, err = c.Do(ctx, "restart", in.App)
	}
	if err != nil {
		return nil, worded(fmt.Errorf("restart %s: %w", in.App, err))
	}
	return &output[Done]{Done{Text: in.App + " was restarted."}}, nil
}

func (p *Part) collect(ctx context.Context, in *one) (*output[Done], error) {
	c, err := control.Dial(in.App)
	if err != nil {
		return nil, worded(err)
	}
	did, err := c.Collect(ctx, in.App, in.Instance)
	if err != nil {
		return nil, worded(fmt.Errorf("collect garbage in %s %d: %w", in.App, in.Instance, err))
	}
	return &output[Done]{Done{Text: "V8 has collected its garbage.", Before: did.Before.HeapUsed, After: did.After.HeapUsed}}, nil
}

func (p *Part) capture(ctx context.Context, in *one) (*output[Done], error) {
	if p.folder == "" {
		return nil, problem.New(http.StatusConflict, errors.New("there is no folder for snapshots"), "set HOME or XDG_STATE_HOME where plumb is started")
	}
	folder, err := filepath.Abs(p.folder)
	if err != nil {
		return nil, worded(err)
	}
	c, err := control.Dial(in.App)
	if err != nil {
		return nil, worded(err)
	}
	name := fmt.Sprintf("heapSnapshot-page-%s-%d.heapsnapshot", time.Now().UTC().Format("2006-01-02T15-04-05.000Z"), in.Instance)
	if _, err := c.Capture(ctx, in.App, in.Instance, filepath.Join(folder, name), "page"); err != nil {
		return nil, worded(fmt.Errorf("take a snapshot of %s %d: %w", in.App, in.Instance, err))
	}
	return &output[Done]{Done{Text: "A snapshot was taken.", File: name}}, nil
}

// Profile is what was allocated and is still alive.
type Profile struct {
	Seconds float64         `json:"seconds"`
	Total   uint64          `json:"total" doc:"bytes, as estimated from the samples"`
	Sites   []Site          `json:"sites" nullable:"false" doc:"the largest first"`
	File    json.RawMessage `json:"file" doc:"a .heapprofile, which DevTools loads"`
}

// Site is a function that allocated.
type Site struct {
	Function string `json:"function"`
	Place    string `json:"place" doc:"file and line"`
	Bytes    uint64 `json:"bytes"`
}

// mostSites are those that a person reads.
const mostSites = 100

func (p *Part) profile(ctx context.Context, in *struct {
	App      string `path:"app"`
	Instance int    `path:"instance" minimum:"0"`
	Seconds  int    `query:"seconds" default:"30" minimum:"1" maximum:"600"`
},
) (*output[Profile], error) {
	c, err := control.Dial(in.App)
	if err != nil {
		return nil, worded(err)
	}
	sampled, err := c.Profile(ctx, in.App, in.Instance, time.Duration(in.Seconds)*time.Second)
	if err != nil {
		return nil, worded(fmt.Errorf("profile %s %d: %w", in.App, in.Instance, err))
	}
	file, err := json.Marshal(sampled)
	if err != nil {
		return nil, worded(err)
	}
	found := Profile{Seconds: float64(in.Seconds), Total: sampled.Total(), Sites: []Site{}, File: file}
	for _, s := range sampled.Sites() {
		if len(found.Sites) < mostSites {
			found.Sites = append(found.Sites, Site{s.CallFrame.Name(), s.CallFrame.Place(), s.Bytes})
		}
	}
	return &output[Profile]{found}, nil
}

func worded(err error) error {
	var known *control.Failure
	switch {
	case errors.As(err, &known):
		return problem.New(http.StatusConflict, err, known.Hint)
	case errors.Is(err, control.ErrNotRunning):
		return problem.New(http.StatusNotFound, err, "it may have ended: plumb status")
	}
	return problem.New(http.StatusInternalServerError, err, "")
}
