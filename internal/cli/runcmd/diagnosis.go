package runcmd

import (
	"context"
	"errors"
	"sync"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/cli/watchcmd"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/diagnosis/call"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// runDiagnosis names the leak of what plumb keeps up, before a restart erases it.
type runDiagnosis struct {
	ui    *terminal.UI
	ctx   context.Context // of all: a comparison goes on when the life has ended
	work  sync.WaitGroup
	opts  diagnosis.Options
	store *diagnosis.Store

	metrics *runMetrics // nil for none
}

// newRunDiagnosis is nil when nothing is to be diagnosed.
func newRunDiagnosis(ui *terminal.UI, cmd *cobra.Command, f *watchcmd.CaptureFlags) (*runDiagnosis, error) {
	if f.At == "" && f.Ahead == 0 {
		return nil, nil
	}
	opts, err := f.Options(ui, cmd)
	if err != nil {
		return nil, err
	}
	store, err := f.Store.Open(cmd)
	if err != nil {
		return nil, err
	}
	return &runDiagnosis{ui: ui, ctx: cmd.Context(), opts: opts, store: store}, nil
}

// connected watches a life to its end. What its alarm has found stays at the desk as
// long.
func (d *runDiagnosis) connected(ctx context.Context, c supervise.Connection) {
	var called *call.Program
	if d.metrics != nil {
		called = d.metrics.Desk.Enter(c.App, c.Instance, c.Process.Info().PID, func(f *diagnosis.Finding) { d.tell(c, f) })
		defer called.Leave()
	}
	found := make(chan *diagnosis.Finding, 1)
	d.work.Go(func() {
		f := d.watch(d.ctx, c, called)
		if f != nil && called != nil {
			called.Found(f)
		}
		found <- f
	})
	select {
	case <-ctx.Done():
	case f := <-found:
		if f != nil && called != nil {
			<-ctx.Done()
		}
	}
}

// watch makes a diagnosis; nil when there was none. Where the life's memory is
// limited, a share is one of that limit.
func (d *runDiagnosis) watch(ctx context.Context, c supervise.Connection, called *call.Program) *diagnosis.Finding {
	opts := d.opts
	opts.App, opts.Instance, opts.Pause = c.App, c.Instance, c.Pause
	if _, limit := c.Memory(); limit > 0 {
		opts.Level = func(context.Context) (diagnosis.Level, error) {
			rss, limit := c.Memory()
			return diagnosis.Level{Of: "RSS", Used: rss, Limit: limit}, nil
		}
	}
	if d.metrics != nil {
		opts.Requests, opts.Calls = d.metrics.requests(c), called.Calls
	}
	finding, err := diagnosis.Watch(ctx, c.Process, d.store, opts)
	if ctx.Err() != nil || errors.Is(err, node.ErrGone) {
		return nil
	}
	if err != nil {
		d.ui.Note("%s is not diagnosed: %v", c.App, err)
		return nil
	}
	if finding != nil {
		d.tell(c, finding)
	}
	return finding
}

// tell shows a finding to Prometheus and to whoever reads our notes.
func (d *runDiagnosis) tell(c supervise.Connection, f *diagnosis.Finding) {
	if d.metrics != nil {
		d.metrics.found(c, f)
	}
	words := "the snapshots cannot tell what grows"
	if f.Result != nil && f.Result.Verdict == leak.Leaking {
		words = "something leaks"
	}
	d.ui.Note("%s: %s; see plumb findings %s", c.App, words, f.ID)
}
