package watchcmd

import (
	"context"
	"time"

	"github.com/plumb-dev/plumb/internal/cli/program"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/diagnosis/call"
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
	w.opts.Requests = w.shown.Requests
	w.called = w.server.Desk.Enter(p.Info().Label(), 0, pid, func(f *diagnosis.Finding) {
		ShowFinding(w.instance, f)
		w.ui.Note("kept as finding %s", f.ID)
	})
	w.opts.Calls = w.called.Calls
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
