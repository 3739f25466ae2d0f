package watchcmd

import (
	"context"
	"sync"
	"time"

	"github.com/plumb-dev/plumb/internal/cli/program"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/diagnosis/call"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/metrics"
	"github.com/plumb-dev/plumb/internal/node"
)

// attached is a program that runs and is watched.
type attached struct {
	ui      *terminal.UI
	target  string // as it was given
	timeout time.Duration
	store   *diagnosis.Store
	opts    diagnosis.Options

	server   *MetricsServer    // nil for no metrics
	instance *metrics.Instance // nil before the first connection, or for no metrics
	shown    *metrics.Target
	called   *call.Program // nil for no metrics

	fleet *Fleet // nil for no hub
	mu    sync.Mutex
	now   *node.Process // for the hub; nil while there is none
}

// watch watches the program until it ends or the alarm goes off. Again is true when
// another program has closed the inspector: the snapshot that was taken is of no
// use any more.
func (w *attached) watch(ctx context.Context) (f *diagnosis.Finding, again bool, err error) {
	p, err := node.Attach(ctx, w.target, node.AttachOptions{Timeout: w.timeout})
	if err != nil {
		return nil, false, err
	}
	w.ui.Note("watching %s; the first snapshot is taken in %s", program.Name(p), w.opts.WarmUp)
	w.show(p)
	if w.fleet != nil {
		defer w.enter(p)()
	}
	f, err = diagnosis.Watch(ctx, p, w.store, w.opts)
	closed := f == nil && err == nil && ctx.Err() == nil && p.Runs(ctx)
	switch {
	case w.instance == nil:
	case f != nil:
		ShowFinding(w.instance, f)
		w.called.Found(f)
	default:
		w.called.Leave()
	}
	if failure := program.Release(ctx, p); err == nil {
		err = failure
	}
	switch {
	case ctx.Err() != nil:
		w.ui.Note("no alarm so far")
		return nil, false, nil
	case err != nil || f != nil:
		return f, false, err
	case closed:
		w.ui.Note("another program has closed the inspector of %s: begin anew", program.Name(p))
		return nil, true, nil
	default:
		w.ui.Note("%s has ended without an alarm", program.Name(p))
		return nil, false, nil
	}
}

// show shows the program to Prometheus. A page is no process of this machine, and
// has no metrics.
func (w *attached) show(p *node.Process) {
	pid := p.Info().PID
	switch {
	case w.server == nil || pid == 0:
		return
	case w.shown != nil: // through a connection that is closed
		w.shown.Remove()
	default:
		w.instance = w.server.Collector.Instance(p.Info().Label(), "")
	}
	w.shown = w.instance.Watch(pid)
	w.shown.Ask(p)
	w.opts.App, w.opts.Requests = w.instance.App(), w.shown.Requests
	w.called = w.server.Desk.Enter(w.instance.App(), 0, pid, func(f *diagnosis.Finding) {
		ShowFinding(w.instance, f)
		w.ui.Note("kept as finding %s", f.ID)
	})
	w.opts.Calls = w.called.Calls
}

// desk is where calls are taken, nil for nowhere.
func (w *attached) desk() *call.Desk {
	if w.server == nil {
		return nil
	}
	return w.server.Desk
}

// enter has the hub know a program, until leave is called.
func (w *attached) enter(p *node.Process) (leave func()) {
	if w.opts.App == "" {
		w.opts.App = p.Info().Label()
	}
	w.mu.Lock()
	w.now = p
	w.mu.Unlock()
	out := w.fleet.Enter(w.opts.App, 0, p)
	return func() {
		out()
		w.mu.Lock()
		w.now = nil
		w.mu.Unlock()
	}
}

// apps tells the hub of the program. One that is blocked is told without its memory.
func (w *attached) apps(ctx context.Context) []fleet.App {
	w.mu.Lock()
	p := w.now
	w.mu.Unlock()
	if p == nil {
		return nil
	}
	app := fleet.App{App: w.opts.App, State: "watched", PID: p.Info().PID}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if m, err := p.Memory(ctx); err == nil {
		app.RSS, app.Heap = m.RSS, m.HeapUsed
	}
	if w.server != nil {
		app.Metrics = w.server.Address()
	}
	return []fleet.App{app}
}

// stay returns when the program has ended. Its probe has a socket, and needs no
// inspector; it would leave if nobody read it.
func (w *attached) stay(ctx context.Context) {
	look, read := time.NewTicker(time.Second), time.NewTicker(time.Minute)
	defer look.Stop()
	defer read.Stop()
	for w.shown != nil && w.shown.Runs() {
		select {
		case <-look.C:
		case <-read.C:
			w.shown.Requests(ctx)
		case <-ctx.Done():
			return
		}
	}
}
