package watchcmd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/hub"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/diagnosis/call"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/agent"
	"github.com/plumb-dev/plumb/internal/fleet/spool"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/metrics"
	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// FleetFlags make a plumb the agent of a hub.
type FleetFlags struct {
	hub          hub.Flags
	release      string
	allow        []string
	spool, spare string
	seal         string
	redact       bool
}

// Add adds the flags to a command.
func (f *FleetFlags) Add(cmd *cobra.Command) {
	f.hub.Add(cmd, "")
	flags := cmd.Flags()
	flags.StringVar(&f.release, "release", "", "with --hub: the release of the program, such as a version or a commit")
	flags.StringSliceVar(&f.allow, "allow", nil, "with --hub: commands that may come from there: "+strings.Join(fleet.Commands, ", "))
	flags.StringVar(&f.seal, "encrypt-to", "", "with --hub: public key of age (age1...) to which snapshots are encrypted")
	flags.BoolVar(&f.redact, "redact", false, "with --hub: snapshots are sent without what their strings say (see plumb redact)")
	flags.StringVar(&f.spool, "spool", "", "with --hub: folder of what waits for the hub (default $XDG_STATE_HOME/plumb/spool)")
	flags.StringVar(&f.spare, "spool-size", "2G", "with --hub: room for it: the oldest goes first")
}

// Fleet is the agent of a plumb, and the programs that it may be asked about.
type Fleet struct {
	ui    *terminal.UI
	opts  agent.Options
	agent *agent.Agent

	mu       sync.Mutex
	desk     *call.Desk // nil when nobody can call
	programs map[*node.Process]place
}

// place is where a program is.
type place struct {
	app      string
	instance int
}

// Open reads the flags; nil without --hub.
func (f *FleetFlags) Open(ui *terminal.UI, cmd *cobra.Command) (*Fleet, error) {
	if f.hub.URL == "" {
		for _, name := range []string{"hub-token-file", "hub-ca", "release", "allow", "encrypt-to", "redact", "spool", "spool-size"} {
			if cmd.Flags().Changed(name) {
				return nil, terminal.UsageError(cmd, "%s: --%s is for --hub", cmd.CommandPath(), name)
			}
		}
		return nil, nil
	}
	for _, one := range f.allow {
		if !slices.Contains(fleet.Commands, one) {
			return nil, terminal.UsageError(cmd, "%s: --allow %s is none of %s", cmd.CommandPath(), one, strings.Join(fleet.Commands, ", "))
		}
	}
	room, err := supervise.ParseLimit(f.spare)
	if err != nil || room.Bytes == 0 {
		return nil, terminal.UsageError(cmd, "%s: --spool-size %q is no size", cmd.CommandPath(), f.spare)
	}
	var key age.Recipient
	if f.seal != "" {
		if key, err = age.ParseX25519Recipient(f.seal); err != nil {
			return nil, terminal.UsageError(cmd, "%s: --encrypt-to: %w", cmd.CommandPath(), err)
		}
	}
	link, err := f.hub.Link(cmd)
	if err != nil {
		return nil, err
	}
	dir := f.spool
	if dir == "" {
		if dir, err = spool.Dir(link.Token.Name); err != nil {
			return nil, terminal.WithHint(err, "set HOME or XDG_STATE_HOME, or name a folder with --spool")
		}
	}
	waiting, err := spool.Open(dir, int64(room.Bytes))
	if err != nil {
		return nil, terminal.WithHint(err, "name a folder of yours with --spool")
	}
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("find this host's name: %w", err)
	}
	fl := &Fleet{ui: ui, programs: map[*node.Process]place{}}
	fl.opts = agent.Options{
		Link: link, Host: host, Release: f.release, Allow: f.allow, Seal: key, Redact: f.redact, Spool: waiting,
		Carry: fl.carry, Say: func(m string) { ui.Note("%s", m) },
	}
	return fl, nil
}

// Start connects to the hub, or goes on trying to. desk takes calls, nil for nobody.
func (f *Fleet) Start(desk *call.Desk, apps func(context.Context) []fleet.App) (err error) {
	f.desk, f.opts.Apps = desk, apps
	f.agent, err = agent.Start(f.opts)
	return err
}

// Spool is what waits for the hub, for metrics.
func (f *Fleet) Spool() metrics.Spool { return metrics.Spool(f.opts.Spool.Status()) }

// Close ends the agent.
func (f *Fleet) Close() {
	if f.agent != nil {
		f.agent.Close()
	}
}

// Enter lets a program be asked by the hub's people, until leave is called.
func (f *Fleet) Enter(app string, instance int, p *node.Process) (leave func()) {
	defer f.agent.Beat()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.programs[p] = place{app, instance}
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.programs, p)
	}
}

// Compare has the fleet compare snapshots. It is a [diagnosis.Comparer].
func (f *Fleet) Compare(ctx context.Context, about *diagnosis.Finding, baseline, last string, requests int) (*leak.Result, error) {
	c := caseOf(about)
	c.Requests = requests
	return f.agent.Compare(ctx, c, baseline, last)
}

// Tell has the hub know an alarm that no snapshot was taken for. Those with snapshots it
// knows already.
func (f *Fleet) Tell(about *diagnosis.Finding) {
	if about.Last != nil {
		return
	}
	c := caseOf(about)
	c.Problem, c.Flat = about.Problem, strings.HasPrefix(about.Problem, diagnosis.ErrNotGrown.Error())
	if err := f.agent.Report(c); err != nil {
		f.ui.Note("%s: the hub does not get the alarm: %v", about.App, err)
	}
}

func caseOf(f *diagnosis.Finding) fleet.Case {
	return fleet.Case{
		App: f.App, Instance: f.Instance, Program: strings.Join(f.Program.CommandLine, " "),
		Time: f.Time, Why: f.Alarm.Text, Pinned: f.Alarm.Cause == diagnosis.CalledFor,
	}
}

// carry carries out a command; nil when the app is not ours.
func (f *Fleet) carry(ctx context.Context, c fleet.Command) *fleet.Outcome {
	app := f.app(ctx, c)
	if app == nil {
		return nil
	}
	o := &fleet.Outcome{}
	if c.What == fleet.TakeSnapshot {
		f.snapshot(ctx, app, o)
		return o
	}
	p := f.process(place{app.App, app.Instance})
	if p == nil {
		o.Refused, o.Hint = "its plumb is not connected to "+c.App+" now", "plumb exporter connects for a snapshot alone; use plumb run or plumb attach"
		return o
	}
	var err error
	switch c.What {
	case fleet.Collect:
		var done node.Collected
		if done, err = p.Collect(ctx); err == nil {
			o.Done = fmt.Sprintf("heap used %s before, %s after", f.ui.Size(int64(done.Before.HeapUsed)), f.ui.Size(int64(done.After.HeapUsed)))
		}
	case fleet.Profile:
		o.Profile, err = profileOf(ctx, p, c.For)
		o.Done = fmt.Sprintf("allocations sampled for %s", c.For)
	}
	if err != nil {
		o.Refused, o.Hint = err.Error(), strings.Join(terminal.HintsOf(err), "; ")
	}
	return o
}

// app is the instance that a command means, the first when any will do.
func (f *Fleet) app(ctx context.Context, c fleet.Command) *fleet.App {
	for _, app := range f.opts.Apps(ctx) {
		if c.Means(&app) {
			return &app
		}
	}
	return nil
}

// process is the program at a place, nil while there is no connection to it.
func (f *Fleet) process(at place) *node.Process {
	f.mu.Lock()
	defer f.mu.Unlock()
	for p, there := range f.programs {
		if there == at {
			return p
		}
	}
	return nil
}

// snapshot calls for a diagnosis, as an alert does: with the same care for memory.
func (f *Fleet) snapshot(ctx context.Context, app *fleet.App, o *fleet.Outcome) {
	if f.desk == nil {
		o.Refused, o.Hint = "this plumb keeps no baseline that a snapshot could be compared with", "start it with metrics, and attach or run with --capture-at"
		return
	}
	why := "a snapshot was asked for by the fleet"
	pid := app.PID
	if p := f.process(place{app.App, app.Instance}); p != nil {
		pid = p.Info().PID // behind a wrapper it is another one
	}
	finding, err := f.desk.Call(ctx, call.Call{App: app.App, PID: strconv.Itoa(pid), Why: why})
	var refusal *call.Refusal
	switch {
	case errors.As(err, &refusal):
		o.Refused, o.Hint = refusal.Text, refusal.Hint
		if refusal.Status == http.StatusUnprocessableEntity { // nothing has grown: that is worth knowing
			c := fleet.Case{App: app.App, Instance: app.Instance, Time: time.Now().UTC(), Why: why, Problem: refusal.Text, Flat: true}
			if err := f.agent.Report(c); err != nil {
				o.Hint = err.Error()
			}
		}
	case err != nil:
		o.Refused = err.Error()
	case finding == nil:
		o.Refused = "the agent ended meanwhile"
	case finding.Result == nil:
		o.Done = "taken; " + finding.Problem
	default:
		o.Done = reportOf(f.ui, finding).Line()
	}
}

// profileOf samples a program's allocations, as plumb profile does.
func profileOf(ctx context.Context, p *node.Process, during time.Duration) ([]byte, error) {
	if during <= 0 || during > 10*time.Minute {
		return nil, errors.New("a profile takes 10m at most")
	}
	sampled, err := p.Sample(ctx, during, node.SamplingOptions{Live: true})
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	if err := sampled.Write(&text); err != nil {
		return nil, err
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer enc.Close()
	return enc.EncodeAll([]byte(text.String()), nil), nil
}
