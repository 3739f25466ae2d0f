package heapcmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/leak/source"
	"github.com/plumb-dev/plumb/internal/lint/evidence"
	"github.com/plumb-dev/plumb/internal/report"
)

// leaksFlags are the flags of plumb leaks.
type leaksFlags struct {
	requests int
	report   terminal.ReportFlags
}

func newLeaksCommand(ui *terminal.UI) *cobra.Command {
	var flags leaksFlags
	cmd := &cobra.Command{
		Use:   "leaks A B [C...]",
		Short: "Say what grew between snapshots, why it is alive and which line holds it",
		Long: "Compare snapshots of one process, in the order in which they were taken, with\n" +
			"about the same work between each two. Two name what grew; three and more can\n" +
			"tell a leak from a cache that fills up.\n\n" +
			"Exit codes: 0 nothing grows, 1 something leaks, 3 the snapshots cannot tell.",
		Example: "plumb leaks before.heapsnapshot after.heapsnapshot --requests 7000\n" +
			"plumb leaks 1.heapsnapshot 2.heapsnapshot 3.heapsnapshot --html -o report.html",
		Args:        terminal.Takes("A", "B", "[C...]"),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, args []string) error {
			return findLeaks(ui, cmd, args, &flags)
		},
	}
	f := cmd.Flags()
	f.IntVarP(&flags.requests, "requests", "n", 0, "requests (jobs, messages) between two snapshots: counts become \"per request\"")
	flags.report.Add(cmd)
	AddIndexFlag(cmd)
	return cmd
}

func findLeaks(ui *terminal.UI, cmd *cobra.Command, paths []string, flags *leaksFlags) error {
	if flags.requests < 0 {
		return terminal.UsageError(cmd, "%s: --requests %d is less than 0", cmd.CommandPath(), flags.requests)
	}
	format, err := ui.ReportFormat(cmd, &flags.report)
	if err != nil {
		return err
	}
	var snapshots []*heap.Snapshot
	for _, path := range paths {
		s, err := OpenSnapshot(ui, cmd, path)
		if err != nil {
			return err
		}
		defer s.Close()
		snapshots = append(snapshots, s)
	}
	sources, err := evidence.NewSources(cmd.Context())
	if err != nil {
		return terminal.WithHint(err, "the linter's suspicions are looked for as this file says; %q tells what it may have", "plumb lint")
	}
	opts := leak.Options{Requests: flags.requests, ReadSource: source.ReadFile, Names: sources.Names}
	if opts.Scripts, err = CaptureRecord(paths[len(paths)-1]); err != nil {
		return err
	}
	show, done := terminal.Progress(cmd.Context(), ui, "leaks")
	if show != nil {
		opts.Progress = func(p leak.Phase) { show(heap.Progress{Phase: heap.Phase(p)}) }
	}
	result, err := leak.Find(cmd.Context(), snapshots, opts)
	done()
	if err != nil {
		return LeaksError(cmd.Context(), err, paths)
	}
	sources.Judge(result)
	evidence.Explain(cmd.Context(), result.Findings, source.ReadFile)
	r := &report.Report{Result: result, Files: paths, Version: ui.Version, Bytes: ui.Bytes, Root: terminal.WorkingFolder(), Source: os.ReadFile}
	if err := ui.WriteReport(r, format, flags.report.Output); err != nil {
		return err
	}
	switch result.Verdict {
	case leak.Leaking:
		return terminal.FoundLeak
	case leak.Undecided:
		return terminal.NotEnoughEvidence
	default:
		return nil
	}
}

// LeaksError words what leak.Find refuses with the paths it is about.
func LeaksError(ctx context.Context, err error, paths []string) error {
	var order *leak.OrderError
	if errors.As(err, &order) && ctx.Err() == nil {
		return terminal.WithHint(fmt.Errorf("compare %s and %s: %s", paths[order.First], paths[order.Second], order.Reason), "%s", order.Hint)
	}
	return fmt.Errorf("find leaks: %w", err)
}

// CaptureRecord reads the script map beside a snapshot, if there is one.
func CaptureRecord(path string) ([]leak.Script, error) {
	if path == "-" {
		return nil, nil
	}
	path += ".json"
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil //nolint:nilerr // it need not be there
	}
	var record struct {
		Scripts []leak.Script `json:"scripts"`
	}
	if err := json.Unmarshal(data, &record); err != nil {
		return nil, terminal.WithHint(fmt.Errorf("read capture record %s: %w", path, err), "move it away to go on without its script map")
	}
	return record.Scripts, nil
}
