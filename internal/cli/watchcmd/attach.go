package watchcmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/program"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/node"
)

type attachFlags struct {
	capture CaptureFlags
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
			"snapshot: a second for each 100 MB or so.\n\n" +
			"Exit codes: 0 the program ended (or Ctrl-C) before the alarm, 1 something leaks,\n" +
			"3 the snapshots cannot tell.",
		Example: "plumb attach 1234\n" +
			"plumb attach 1234 --capture-at 50% --capture-ahead 30m\n" +
			"plumb attach 1234 --capture-at 800M --markdown -o leak.md",
		Args:        terminal.Takes(program.Argument),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, args []string) error {
			return attach(ui, cmd, args[0], &flags)
		},
	}
	flags.capture.Add(cmd, "70%")
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
	var finding *diagnosis.Finding
	for again := true; again; {
		if finding, again, err = watch(ctx, ui, target, store, flags, opts); err != nil {
			return err
		}
	}
	if finding == nil {
		return nil
	}
	ui.Note("kept as finding %s", finding.ID)
	if err := writeFinding(ui, finding, format, flags.report.Output); err != nil {
		return err
	}
	return findingStatus(finding)
}

// watch watches a program until it ends or the alarm goes off. Again is true when
// another program has closed the inspector: the snapshot that was taken is of no
// use any more.
func watch(ctx context.Context, ui *terminal.UI, target string, store *diagnosis.Store, flags *attachFlags, opts diagnosis.Options) (f *diagnosis.Finding, again bool, err error) {
	p, err := node.Attach(ctx, target, node.AttachOptions{Timeout: flags.timeout})
	if err != nil {
		return nil, false, err
	}
	ui.Note("watching %s; the first snapshot is taken in %s", program.Name(p), opts.WarmUp)
	f, err = diagnosis.Watch(ctx, p, store, opts)
	closed := f == nil && err == nil && ctx.Err() == nil && p.Runs(ctx)
	if failure := program.Release(ctx, p); err == nil {
		err = failure
	}
	switch {
	case ctx.Err() != nil:
		ui.Note("no alarm so far")
		return nil, false, nil
	case err != nil || f != nil:
		return f, false, err
	case closed:
		ui.Note("another program has closed the inspector of %s: begin anew", program.Name(p))
		return nil, true, nil
	default:
		ui.Note("%s has ended without an alarm", program.Name(p))
		return nil, false, nil
	}
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
