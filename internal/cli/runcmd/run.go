package runcmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/supervise"
	"github.com/plumb-dev/plumb/internal/supervise/ecosystem"
)

func newRunCommand(ui *terminal.UI) *cobra.Command {
	var flags runFlags
	cmd := &cobra.Command{
		Use:   "run [flags] -- COMMAND... | run FILE",
		Short: "Keep a program up: memory limit, restarts, health, no request lost",
		Long: "Start a program, any program, and keep it up: start it again when it crashes, takes\n" +
			"too much memory or does not answer; end it with everything that it has started.\n" +
			"Memory is read once a second from the system, also while the event loop is blocked.\n\n" +
			"With --overlap (or several --instances) of a Node.js program the instances share\n" +
			"its port, and a new one is ready before the old one leaves: no request is lost.\n" +
			"Nothing is changed in the program.\n\n" +
			"FILE is a configuration file of PM2: ecosystem.config.js, .json or .yaml.\n\n" +
			"The exit code is that of the program, 128 and the signal's number when a signal\n" +
			"ended it; of several programs 0, or 1 when one of them was given up. 2 is a failure\n" +
			"to start.",
		Example: "plumb run --max-memory 400M -- node app.js\n" +
			"plumb run --instances 4 --max-memory 80% -- node server.js\n" +
			"plumb run --restart always --cron '0 4 * * *' -- python3 worker.py\n" +
			"plumb run ecosystem.config.js --env production\n" +
			"plumb run --watch src --health-url http://127.0.0.1:3000/health -- node app.js",
		Args:        terminal.Takes("COMMAND...|FILE"),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := canRun(); err != nil {
				return err
			}
			var apps []supervise.App
			var logs map[string]logPlan
			var err error
			if cmd.ArgsLenAtDash() < 0 && len(args) == 1 && ecosystem.Is(args[0]) {
				apps, logs, err = flags.file(ui, cmd, args[0])
			} else {
				apps, logs, err = flags.command(cmd, args)
			}
			if err != nil {
				return err
			}
			return run(ui, cmd, apps, logs, &flags)
		},
	}
	flags.add(cmd)
	return cmd
}

// run keeps apps up until all are over.
func run(ui *terminal.UI, cmd *cobra.Command, apps []supervise.App, plans map[string]logPlan, flags *runFlags) error {
	ctx := cmd.Context()
	stay := stayLean()
	defer stay.Stop()
	out := newRunOutput(ui, apps)
	opts := supervise.Options{Notify: out.event, Output: out.writers}
	if out.alone {
		opts.Stdin, _ = ui.In.(*os.File)
		opts.Foreground = opts.Stdin != nil && terminal.IsTerminal(opts.Stdin)
		if f, ok := ui.Err.(*os.File); ok && terminal.IsTerminal(f) && len(plans) == 0 {
			opts.Terminal = f
		}
	}
	m, err := newRunMetrics(ui, cmd, &flags.metrics, apps)
	if err != nil {
		return err
	}
	if m != nil {
		defer m.Close()
		opts.Notify = func(e supervise.Event) {
			m.event(e)
			out.event(e)
		}
	}
	d, err := newRunDiagnosis(ui, cmd, &flags.capture, m)
	if err != nil {
		return err
	}
	f, err := flags.fleet.Open(ui, cmd)
	if err != nil {
		return err
	}
	if f != nil && d != nil {
		d.fleet, d.opts.Compare = f, f.Compare
	}
	if f != nil && m != nil {
		m.Collector.ShowSpool(f.Spool)
	}
	opts.Connected = connected(m, d)
	s, err := supervise.New(apps, opts)
	if err != nil {
		return err
	}
	if m != nil {
		site, closePage := newPage(flags.capture.Store.Dir)
		defer closePage()
		m.Serve(ui, flags.capture.Store.Dir, d != nil, func() { m.predict(s.Status()) }, site)
		if address := m.Page(); address != "" && terminal.IsTerminal(ui.Err) {
			ui.Note("look at it: %s", address)
		}
	}
	names, err := claimNames(ctx, ui, apps)
	if err != nil {
		return err
	}
	defer names.release()
	if f != nil {
		if err := f.Start(m.desk(), func(context.Context) []fleet.App { return fleetApps(s.Status(), m.where()) }); err != nil {
			return err
		}
		defer f.Close()
	}
	if out.files, err = openLogs(ui, plans, apps); err != nil {
		return err
	}
	defer func() { _ = out.files.close() }() // what it could not write it has said
	if server := serve(ui, names, s, out); server != nil {
		defer server.Close()
		names.keep(ui, apps, s, server.Socket, m.where())
	}
	defer tellService(s)()
	ctx, stop := onSignals(ctx, s)
	defer stop()
	if err := s.Run(ctx); err != nil {
		return err
	}
	if d != nil {
		d.work.Wait()
	}
	return runStatus(ctx, s.Status())
}

// connected serves those who ask the programs themselves; nil for nobody.
func connected(m *runMetrics, d *runDiagnosis) func(context.Context, supervise.Connection) {
	switch {
	case m == nil && d == nil:
		return nil
	case d == nil:
		return m.connected
	case m == nil:
		return d.connected
	}
	return func(ctx context.Context, c supervise.Connection) {
		var asking sync.WaitGroup
		asking.Go(func() { m.connected(ctx, c) })
		asking.Go(func() { d.connected(ctx, c) })
		asking.Wait()
	}
}

// stayLean keeps what plumb takes beside its apps small. What it took to start is
// given back when it has started.
func stayLean() *time.Timer {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	return time.AfterFunc(5*time.Second, func() {
		debug.FreeOSMemory()
		dropOwnFile()
	})
}

// runStatus makes an exit code of how the instances ended.
func runStatus(ctx context.Context, list []supervise.Status) error {
	givenUp := false
	for _, s := range list {
		if s.Last != nil && s.Last.Reason == supervise.NotStarted && s.State == supervise.CrashLoop {
			return terminal.WithHint(errors.New(s.Last.Said), "%s", s.Last.Hint)
		}
		givenUp = givenUp || s.State == supervise.CrashLoop
	}
	switch {
	case len(list) > 1 && givenUp:
		return terminal.ExitStatus(1)
	case len(list) > 1, list[0].Last == nil:
		return nil
	case list[0].State == supervise.Halted && ctx.Err() == nil: // plumb stop
		return nil
	}
	if code := list[0].Last.ExitCode(); code != 0 {
		return terminal.ExitStatus(code)
	}
	return nil
}

// restartChoices are those of --restart.
var restartChoices = []supervise.When{supervise.Always, supervise.OnFailure, supervise.Never}

func parseLimit(cmd *cobra.Command, flag, text string) (supervise.Limit, error) {
	if text == "" {
		return supervise.Limit{}, nil
	}
	limit, err := supervise.ParseLimit(text)
	if err != nil {
		return limit, terminal.WithHint(fmt.Errorf("%s: --%s %w", cmd.CommandPath(), flag, err), "write it as 400M, 1.5G, 300MB, 300MiB or 80%%")
	}
	return limit, nil
}
