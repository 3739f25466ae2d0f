package watchcmd

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/program"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/diagnosis/call"
	"github.com/plumb-dev/plumb/internal/metrics"
	"github.com/plumb-dev/plumb/internal/node"
)

// exporterDiagnosis names what leaks in the programs of an exporter, when that is
// called for.
type exporterDiagnosis struct {
	ui      *terminal.UI
	passive bool
	token   string // file
	dir     string // of findings
	store   *diagnosis.Store
	compare diagnosis.Comparer

	fleet  *Fleet // nil for no hub
	desk   *call.Desk
	forget func() // the token
}

func newExporterDiagnosis(ui *terminal.UI, cmd *cobra.Command, f *exporterFlags) (*exporterDiagnosis, error) {
	d := &exporterDiagnosis{ui: ui, passive: f.passive, token: f.token, dir: f.store.Dir}
	var err error
	if d.compare, err = comparer(); err != nil {
		return nil, err
	}
	d.store, err = f.store.Open(cmd)
	if err != nil && !cmd.Flags().Changed("findings") {
		ui.Note("no diagnosis can be called for: %v", err)
		return d, nil
	}
	return d, err
}

// open opens the desk of an address, before any program is attended to.
func (d *exporterDiagnosis) open(address string) error {
	token, forget, err := keepToken(d.token, address)
	d.desk, d.forget = call.NewDesk(token), forget
	return err
}

func (d *exporterDiagnosis) handle(mux *http.ServeMux) {
	handleFindings(mux, d.ui, d.dir, d.desk)
	switch {
	case d.passive:
		mux.Handle(call.Path, &call.Refusal{
			Status: http.StatusNotImplemented, Text: "this plumb exporter leaves the programs alone, and takes no calls", Hint: "start it without --passive",
		})
	case d.store == nil:
		mux.Handle(call.Path, noFolder)
	default:
		mux.Handle(call.Path, callsFor(d.ui, d.desk))
	}
}

// held is how long a connection to a program is held for its second snapshot, and its
// inspector open.
const held = time.Hour

// attend answers the calls for a program.
func (d *exporterDiagnosis) attend(ctx context.Context, r node.Running, i *metrics.Instance, t *metrics.Target) {
	if d.store == nil {
		return
	}
	called := d.desk.Enter(i.App(), 0, r.PID, func(f *diagnosis.Finding) {
		ShowFinding(i, f)
		d.ui.Note("%s: kept as finding %s", r.Label(), f.ID)
	})
	defer called.Leave()
	demand := diagnosis.Demand{
		Options: diagnosis.Options{
			App: i.App(), Calls: called.Calls, Requests: t.Requests, Compare: d.compare,
			Say: func(m string) { d.ui.Note("%s (process %d): %s", r.Label(), r.PID, m) },
		},
		Connect: func(ctx context.Context) (*node.Process, func(), error) { return d.connect(ctx, r.PID) },
		Store:   d.store, Hold: held, Over: t.Done(),
	}
	demand.Serve(ctx)
}

// connect attaches to a program, and moves its inspector out of the way of those of
// others.
func (d *exporterDiagnosis) connect(ctx context.Context, pid int) (p *node.Process, release func(), err error) {
	p, err = node.Attach(ctx, strconv.Itoa(pid), node.AttachOptions{})
	if err != nil {
		return nil, nil, err
	}
	if p, err = p.Move(ctx, 0); err != nil {
		return nil, nil, err
	}
	return p, func() {
		if err := program.Release(ctx, p); err != nil {
			d.ui.Note("%v", err)
		}
	}, nil
}
