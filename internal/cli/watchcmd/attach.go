package watchcmd

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/program"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/leak"
)

type attachFlags struct {
	capture CaptureFlags
	metrics MetricsFlags
	fleet   FleetFlags
	every   time.Duration
	timeout time.Duration
	report  terminal.ReportFlags
}

func newAttachCommand(ui *terminal.UI) *cobra.Command {
	var flags attachFlags
	cmd := &cobra.Command{
		Use:   "attach " + program.Argument,
		Short: "Watch a running program, and name the leak when its memory is high",
		Long: "Watch the memory of a program that runs. A heap snapshot is taken early, and one\n" +
			"when memory passes --capture-at; plumb compares the two, shows what leaks and\n" +
			"keeps the finding (see plumb findings). The program stands still during a\n" +
			"snapshot: a second for each 100 MB or so. Its metrics are shown meanwhile, and\n" +
			"with --metrics-address also afterwards, until the program ends or Ctrl-C.\n\n" +
			"plumb cannot restart what it did not start: at a limit it diagnoses, and neither\n" +
			"ends nor limits the program. For that start it with plumb run.\n\n" +
			"Exit codes: 0 the program ended (or Ctrl-C) before the alarm, 1 something leaks,\n" +
			"3 the snapshots cannot tell.",
		Example: "plumb attach 1234\n" +
			"plumb attach 1234 --capture-at 50% --capture-ahead 30m\n" +
			"plumb attach 1234 --capture-at 800M --markdown -o leak.md\n" +
			"plumb attach 1234 --metrics-address 127.0.0.1:9500",
		Args:        terminal.Takes(program.Argument),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, args []string) error {
			return attach(ui, cmd, args[0], &flags)
		},
	}
	flags.capture.Add(cmd, "70%")
	flags.metrics.Add(cmd)
	flags.fleet.Add(cmd)
	f := cmd.Flags()
	f.DurationVar(&flags.every, "every", diagnosis.DefaultEvery, "time between two looks at the memory")
	f.DurationVar(&flags.timeout, "timeout", 15*time.Second, "how long to wait for the program")
	flags.report.Add(cmd)
	return cmd
}

func attach(ui *terminal.UI, cmd *cobra.Command, target string, flags *attachFlags) error {
	ctx := cmd.Context()
	format, err := ui.ReportFormat(cmd, &flags.report)
	if err != nil {
		return err
	}
	opts, err := flags.capture.Options(ui, cmd)
	if err != nil {
		return err
	}
	if opts.Every = flags.every; opts.Every <= 0 {
		return terminal.UsageError(cmd, "%s: --every %s is not more than 0", cmd.CommandPath(), opts.Every)
	}
	store, err := flags.capture.Store.Open(cmd)
	if err != nil {
		return err
	}
	fleet, err := flags.fleet.Open(ui, cmd)
	if err != nil {
		return err
	}
	server, err := flags.metrics.Listen(ui, cmd)
	if err != nil {
		return err
	}
	w := &attached{ui: ui, target: target, timeout: flags.timeout, store: store, opts: opts}
	if server != nil {
		defer server.Close()
		defer server.Collector.Close()
		w.server = server
		server.Serve(ui, flags.capture.Store.Dir, true, func() {}, nil)
	}
	if fleet != nil {
		w.fleet, w.opts.Compare = fleet, fleet.Compare
		if server != nil {
			server.Collector.ShowSpool(fleet.Spool)
		}
		if err := fleet.Start(w.desk(), w.apps); err != nil {
			return err
		}
		defer fleet.Close()
	}
	var finding *diagnosis.Finding
	for again := true; again; {
		if finding, again, err = w.watch(ctx); err != nil {
			return err
		}
	}
	if finding == nil {
		return nil
	}
	ui.Note("kept as finding %s", finding.ID)
	if fleet != nil {
		fleet.Tell(finding)
	}
	if err := writeFinding(ui, finding, format, flags.report.Output); err != nil {
		return err
	}
	if server != nil && cmd.Flags().Changed("metrics-address") {
		ui.Note("its metrics go on at http://%s/metrics until it ends or Ctrl-C", server.Address())
		w.stay(ctx)
	}
	return findingStatus(finding)
}

// findingStatus is the exit code that a finding stands for.
func findingStatus(f *diagnosis.Finding) error {
	switch {
	case f.Result == nil || f.Result.Verdict == leak.Undecided:
		return terminal.NotEnoughEvidence
	case f.Result.Verdict == leak.Leaking:
		return terminal.FoundLeak
	default:
		return nil
	}
}
