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

	demanded bool        // no snapshot is taken before a diagnosis is called for
	metrics  *runMetrics // nil for none: nobody can call

	fleet *watchcmd.Fleet // nil for no hub
}

// newRunDiagnosis is nil when nothing is to be diagnosed.
func newRunDiagnosis(ui *terminal.UI, cmd *cobra.Command, f *watchcmd.CaptureFlags, m *runMetrics) (*runDiagnosis, error) {
	demanded := f.At == "" && f.Ahead == 0
	if demanded && m == nil {
		return nil, nil
	}
	opts, err := f.Options(ui, cmd)
	if err != nil {
		return nil, err
	}
	store, err := f.Store.Open(cmd)
	switch {
	case err != nil && demanded && !cmd.Flags().Changed("findings"):
		ui.Note("no diagnosis can be called for: %v", err)
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &runDiagnosis{ui: ui, ctx: cmd.Context(), opts: opts, store: store, demanded: demanded, metrics: m}, nil
}

// connected watches a life to its end. What its alarm has found stays at the desk as
// long.
func (d *runDiagnosis) connected(ctx context.Context, c supervise.Connection) {
	var called *call.Program
	if d.metrics != nil {
		called = d.metrics.Desk.Enter(d.metrics.app(c), c.Instance, c.Process.Info().PID, func(f *diagnosis.Finding) { d.tell(c, f) })
		defer called.Leave()
	}
	opts := d.options(c, called)
	if d.fleet != nil {
		defer d.fleet.Enter(opts.App, c.Instance, c.Process)()
	}
	found := make(chan *diagnosis.Finding, 1)
	d.work.Go(func() {
		if d.demanded {
			d.serve(c, opts)
			found <- nil
			return
		}
		f := d.watch(d.ctx, c, opts)
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

// serve answers calls until the life ends.
func (d *runDiagnosis) serve(c supervise.Connection, opts diagnosis.Options) {
	demand := diagnosis.Demand{
		Options: opts, Store: d.store, Over: c.Process.Done(),
		Connect: func(context.Context) (*node.Process, func(), error) { return c.Process, func() {}, nil },
	}
	demand.Serve(d.ctx)
}

// options are those of a life. Where its memory is limited, a share is one of that
// limit.
func (d *runDiagnosis) options(c supervise.Connection, called *call.Program) diagnosis.Options {
	opts := d.opts
	opts.App, opts.Instance, opts.Pause = c.App, c.Instance, c.Pause
	if _, limit := c.Memory(); limit > 0 {
		opts.Level = func(context.Context) (diagnosis.Level, error) {
			rss, limit := c.Memory()
			return diagnosis.Level{Of: "RSS", Used: rss, Limit: limit}, nil
		}
	}
	if d.metrics != nil {
		opts.App, opts.Requests, opts.Calls = d.metrics.app(c), d.metrics.requests(c), called.Calls
	}
	return opts
}

// watch makes a diagnosis; nil when there was none.
func (d *runDiagnosis) watch(ctx context.Context, c supervise.Connection, opts diagnosis.Options) *diagnosis.Finding {
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
	if d.fleet != nil {
		d.fleet.Tell(f)
	}
	words := "the snapshots cannot tell what grows"
	if f.Result != nil && f.Result.Verdict == leak.Leaking {
		words = "something leaks"
	}
	d.ui.Note("%s: %s; see plumb findings %s", c.App, words, f.ID)
}
