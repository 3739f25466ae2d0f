package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/supervise"
)

// runFlags are the flags of plumb run.
type runFlags struct {
	name      string
	instances int
	overlap   bool

	maxMemory, maxHeap string
	memoryInterval     time.Duration
	memorySamples      int

	restart, stopSignal   string
	minUptime             time.Duration
	maxRestarts           int
	restartDelay, backoff time.Duration
	stopTimeout, drain    time.Duration
	readyURL              string
	readyMessage          bool
	readyTimeout          time.Duration
	healthURL, cron       string
	healthEvery           time.Duration
	healthFailures        int
	watch, ignore         []string
}

func newRunCommand(a *app) *cobra.Command {
	var flags runFlags
	defaults := supervise.Defaults()
	cmd := &cobra.Command{
		Use:   "run [flags] -- COMMAND...",
		Short: "Keep a program up: memory limit, restarts, health, no request lost",
		Long: "Start a program, any program, and keep it up: start it again when it crashes, takes\n" +
			"too much memory or does not answer; end it with everything that it has started.\n" +
			"Memory is read once a second from the system, also while the event loop is blocked.\n\n" +
			"With --overlap (or several --instances) of a Node.js program the instances share\n" +
			"its port, and a new one is ready before the old one leaves: no request is lost.\n" +
			"Nothing is changed in the program.\n\n" +
			"The exit code is that of the program, 128 and the signal's number when a signal\n" +
			"ended it; of several programs 0, or 1 when one of them was given up. 2 is a failure\n" +
			"to start.",
		Example: "plumb run --max-memory 400M -- node app.js\n" +
			"plumb run --instances 4 --max-memory 80% -- node server.js\n" +
			"plumb run --restart always --cron '0 4 * * *' -- python3 worker.py\n" +
			"plumb run --watch src --health-url http://127.0.0.1:3000/health -- node app.js",
		Args:        takes("COMMAND..."),
		Annotations: noCSV,
		RunE: func(cmd *cobra.Command, args []string) error {
			app, err := flags.app(cmd, args)
			if err != nil {
				return err
			}
			return a.run(cmd.Context(), []supervise.App{app})
		},
	}
	f := cmd.Flags()
	f.StringVarP(&flags.name, "name", "n", "", "name of the app (default: that of its script or folder)")
	f.IntVarP(&flags.instances, "instances", "i", 1, "how many of it run, sharing the port")
	f.BoolVar(&flags.overlap, "overlap", false, "have the new process ready before the old one leaves")
	f.StringVar(&flags.maxMemory, "max-memory", "", "restart above this memory: 400M, 1.5G, or 80% of what the cgroup or the machine has")
	f.StringVar(&flags.maxHeap, "max-heap", "", "restart above this use of the heap: 300M, or 80% of V8's limit")
	f.DurationVar(&flags.memoryInterval, "memory-interval", defaults.Memory.Interval, "time between two looks at the memory")
	f.IntVar(&flags.memorySamples, "memory-samples", defaults.Memory.Samples, "looks in a row above the limit before it counts")
	f.StringVar(&flags.restart, "restart", string(defaults.Restart.When), "when to start it again: always, on-failure or never")
	f.DurationVar(&flags.minUptime, "min-uptime", defaults.Restart.MinUptime, "what ends earlier has crashed at its start")
	f.IntVar(&flags.maxRestarts, "max-restarts", defaults.Restart.MaxRestarts, "such crashes in a row before giving up, -1 for no end")
	f.DurationVar(&flags.restartDelay, "restart-delay", 0, "wait before each start again")
	f.DurationVar(&flags.backoff, "backoff", defaults.Restart.Backoff, "wait after a failure, twice as long each time up to 15s; 0 for none")
	f.StringVar(&flags.stopSignal, "stop-signal", "SIGTERM", "what asks it to end, or the message 'shutdown'")
	f.DurationVar(&flags.stopTimeout, "stop-timeout", defaults.Stop.Timeout, "time from there to SIGKILL")
	f.DurationVar(&flags.drain, "drain", defaults.Stop.Drain, "with --overlap: time for open connections to end")
	f.StringVar(&flags.readyURL, "ready-url", "", "it is ready when this address answers")
	f.BoolVar(&flags.readyMessage, "ready-message", false, "... when it calls process.send('ready')")
	f.DurationVar(&flags.readyTimeout, "ready-timeout", defaults.Ready.Timeout, "... and has failed after this time")
	f.StringVar(&flags.healthURL, "health-url", "", "restart it when this address does not answer")
	f.DurationVar(&flags.healthEvery, "health-interval", defaults.Health.Interval, "time between two such checks")
	f.IntVar(&flags.healthFailures, "health-failures", defaults.Health.Failures, "failures in a row that count")
	f.StringVar(&flags.cron, "cron", "", "restart it at these times, as '0 4 * * *'")
	f.StringArrayVar(&flags.watch, "watch", nil, "restart it when this file, or one below this folder, changes")
	f.StringArrayVar(&flags.ignore, "ignore", nil, "... but not for these: a name, a path or a pattern")
	return cmd
}

// run keeps apps up until all are over.
func (a *app) run(ctx context.Context, apps []supervise.App) error {
	out := newRunOutput(a, apps)
	opts := supervise.Options{Notify: out.event, Output: out.writers}
	if out.alone {
		opts.Stdin, _ = a.in.(*os.File)
		opts.Foreground = opts.Stdin != nil && isTerminal(opts.Stdin)
	}
	s, err := supervise.New(apps, opts)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer a.onSignals(s, cancel)()
	if err := s.Run(ctx); err != nil {
		return err
	}
	return runStatus(ctx, s.Status())
}

// onSignals stops the apps at the first signal and kills them at the second.
func (a *app) onSignals(s *supervise.Supervisor, cancel context.CancelCauseFunc) (stop func()) {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		signal.Notify(signals, syscall.SIGHUP)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for n := 0; ; n++ {
			got, ok := <-signals
			switch {
			case !ok:
				return
			case n > 0:
				s.Hurry()
			case got == os.Interrupt:
				cancel(supervise.ErrInterrupted)
			default:
				cancel(nil)
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
		<-ended
	}
}

// runStatus makes an exit code of how the instances ended.
func runStatus(ctx context.Context, list []supervise.Status) error {
	givenUp := false
	for _, s := range list {
		if s.Last != nil && s.Last.Reason == supervise.NotStarted && s.State == supervise.CrashLoop {
			return withHint(errors.New(s.Last.Said), "%s", s.Last.Hint)
		}
		givenUp = givenUp || s.State == supervise.CrashLoop
	}
	switch {
	case len(list) > 1 && givenUp:
		return exitStatus(1)
	case len(list) > 1, list[0].Last == nil:
		return nil
	case list[0].State == supervise.Halted && ctx.Err() == nil: // plumb stop
		return nil
	}
	if code := list[0].Last.ExitCode(); code != 0 {
		return exitStatus(code)
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
		return limit, withHint(fmt.Errorf("%s: --%s %w", cmd.CommandPath(), flag, err), "write it as 400M, 1.5G, 300MB, 300MiB or 80%%")
	}
	return limit, nil
}
