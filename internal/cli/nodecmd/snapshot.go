package nodecmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/program"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/node"
)

type snapshotFlags struct {
	program.Flags
	label, dir           string
	count                int
	every, after         time.Duration
	zstd, numeric, force bool
	attached             string // the program that runs already
}

func newSnapshotCommand(ui *terminal.UI) *cobra.Command {
	var flags snapshotFlags
	cmd := &cobra.Command{
		Use:   "snapshot " + program.Argument + "|-- CMD...",
		Short: "Capture heap snapshots of a program",
		Long: "Capture heap snapshots of a running program, or of one that is started for\n" +
			"it and stopped afterwards (node, npm, npx, yarn, pnpm, sh; its output goes\n" +
			"to the standard error). The program stands still during a capture.\n\n" +
			"The name carries label, time (UTC) and process id:\n" +
			"heapSnapshot-first-2026-11-25T09-30-00.125Z-1234.heapsnapshot. Beside it, in\n" +
			"NAME.json, is a record of the program, its memory and its scripts. Snapshots\n" +
			"hold the program's secrets: only the user can read them (mode 0600).",
		Example: "plumb snapshot 1234 --label first\n" +
			"plumb snapshot --count 2 --every 10s -- node app.js\n" +
			"plumb snapshot http://127.0.0.1:9229 -o /var/tmp --zstd",
		RunE: func(cmd *cobra.Command, args []string) error {
			return runSnapshot(ui, cmd, args, &flags)
		},
	}
	flags.Add(cmd)
	f := cmd.Flags()
	f.Lookup("worker").Usage = `the worker thread with this id, or "all" threads`
	f.StringVarP(&flags.label, "label", "l", "", "a word for the file name")
	f.StringVarP(&flags.dir, "output", "o", ".", "the directory to write to")
	f.IntVar(&flags.count, "count", 1, "how many snapshots to capture")
	f.DurationVar(&flags.every, "every", 10*time.Second, "time between two snapshots")
	f.DurationVar(&flags.after, "after", 0, "time before the first snapshot (with CMD: 1s)")
	f.BoolVar(&flags.zstd, "zstd", false, "compress: about 15 times smaller, plumb reads it as it is")
	f.BoolVar(&flags.numeric, "numeric", false, "record the values of numbers: about 12 % larger")
	f.BoolVar(&flags.force, "force", false, "capture although memory is short")
	return cmd
}

var labelForm = regexp.MustCompile(`^[\w.-]*$`)

// check refuses flags that cannot work, before a program is touched.
func (f *snapshotFlags) check(cmd *cobra.Command) error {
	switch {
	case f.count < 1:
		return terminal.UsageError(cmd, "%s: --count %d is less than 1", cmd.CommandPath(), f.count)
	case f.every < 0 || f.after < 0:
		return terminal.UsageError(cmd, "%s: --every and --after cannot be less than 0", cmd.CommandPath())
	case !labelForm.MatchString(f.label):
		return terminal.UsageError(cmd, "%s: --label %q may have letters, digits, \".\", \"_\" and \"-\" only", cmd.CommandPath(), f.label)
	}
	switch info, err := os.Stat(f.dir); {
	case err == nil && !info.IsDir():
		return terminal.WithHint(fmt.Errorf("write to %s: it is a file", f.dir), "-o names a directory; the file names carry label, time and process id")
	case err != nil:
		return terminal.WithHint(fmt.Errorf("write to %s: no such directory", f.dir), "create it first, or choose another one with -o")
	}
	return nil
}

func runSnapshot(ui *terminal.UI, cmd *cobra.Command, args []string, flags *snapshotFlags) error {
	if err := flags.check(cmd); err != nil {
		return err
	}
	ctx := cmd.Context()
	if cmd.ArgsLenAtDash() == 0 && len(args) > 0 {
		return snapshotOfChild(ctx, ui, cmd, args, flags)
	}
	if err := terminal.Takes(program.Argument+" or -- CMD")(cmd, args); err != nil {
		return err
	}
	p, err := node.Attach(ctx, args[0], node.AttachOptions{Timeout: flags.Timeout})
	if err != nil {
		return err
	}
	flags.attached = args[0]
	err = captureAll(ctx, ui, p, flags)
	if failure := program.Release(ctx, p); err == nil {
		err = failure
	}
	return err
}

func snapshotOfChild(ctx context.Context, ui *terminal.UI, cmd *cobra.Command, args []string, flags *snapshotFlags) error {
	if !cmd.Flags().Changed("after") {
		flags.after = time.Second
	}
	p, err := node.Start(ctx, node.Command{Args: args, Stdin: ui.In, Stdout: ui.Err, Stderr: ui.Err})
	if err != nil {
		return err
	}
	err = captureAll(ctx, ui, p, flags)
	if failure := p.Stop(context.WithoutCancel(ctx)); err == nil {
		err = failure
	}
	return err
}

// captured is a snapshot that was written.
type captured struct {
	File string `json:"file"`
	*node.Record
}

func captureAll(ctx context.Context, ui *terminal.UI, p *node.Process, flags *snapshotFlags) error {
	var all []captured
	wait := flags.after
	for range flags.count {
		if err := waitFor(ctx, p, wait); err != nil {
			return err
		}
		wait = flags.every
		threads, err := chosenThreads(ctx, p, flags.Worker)
		if err != nil {
			return err
		}
		for _, t := range threads {
			c, err := capture(ctx, ui, p, t, flags)
			if err != nil {
				return err
			}
			all = append(all, c)
		}
	}
	return printCaptured(ui, p, flags.attached, all)
}

// waitFor pauses between captures; the program may end meanwhile.
func waitFor(ctx context.Context, p *node.Process, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-p.Done():
		if p.Runs(ctx) {
			return program.InspectorClosed("capture snapshot", p)
		}
		ended, hint := "its inspector is gone", "choose less for --after and --every"
		if exit := p.Exit(); exit != nil {
			ended = exit.String()
			if exit.Said != "" {
				hint = "it said: " + exit.Said
			}
		}
		return terminal.WithHint(fmt.Errorf("capture snapshot of %s: %w (%s) before it was time", program.Name(p), node.ErrEnded, ended), "%s", hint)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func chosenThreads(ctx context.Context, p *node.Process, worker string) ([]*node.Thread, error) {
	if worker == "all" {
		workers, err := p.Workers(ctx)
		return append([]*node.Thread{p.Thread}, workers...), err
	}
	t, err := program.PickThread(ctx, p, worker)
	return []*node.Thread{t}, err
}

func capture(ctx context.Context, ui *terminal.UI, p *node.Process, t *node.Thread, flags *snapshotFlags) (captured, error) {
	path := filepath.Join(flags.dir, snapshotName(p, t, flags, time.Now()))
	report, done := terminal.Progress(ctx, ui, program.Name(p))
	defer done()
	opts := node.CaptureOptions{Label: flags.label, Numeric: flags.numeric, Zstd: flags.zstd, Force: flags.force}
	if report != nil {
		opts.Progress = func(c node.CaptureProgress) {
			if c.Bytes > 0 {
				report(heap.Progress{Phase: "write snapshot", Done: c.Bytes})
			} else {
				report(heap.Progress{Phase: "walk heap", Done: int64(c.Objects), Total: int64(c.TotalObjects)})
			}
		}
	}
	record, err := t.Capture(ctx, path, opts)
	return captured{path, record}, err
}

// snapshotName is as the names of v8-profiler's users are: label and time, with
// "-" for the ":" that some file systems forbid.
func snapshotName(p *node.Process, t *node.Thread, flags *snapshotFlags, now time.Time) string {
	parts := []string{"heapSnapshot"}
	if flags.label != "" {
		parts = append(parts, flags.label)
	}
	parts = append(parts, strings.ReplaceAll(now.UTC().Format("2006-01-02T15:04:05.000Z"), ":", "-"))
	if pid := p.Info().PID; pid != 0 {
		parts = append(parts, terminal.Plain(pid))
	}
	if t.ID != "" {
		parts = append(parts, "worker"+t.ID)
	}
	name := strings.Join(parts, "-") + ".heapsnapshot"
	if flags.zstd {
		name += ".zst"
	}
	return name
}

// printCaptured lists what was captured; attached is how the program was called that
// runs on, "" for one that we have started.
func printCaptured(ui *terminal.UI, p *node.Process, attached string, all []captured) error {
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "file", Title: "File", Kind: terminal.Words},
			{Key: "label", Kind: terminal.Words},
			{Key: "worker", Kind: terminal.Words},
			{Key: "time", Kind: terminal.Words},
			{Key: "bytes", Title: "Size", Kind: terminal.Size},
			{Key: "heapUsed", Title: "Heap", Kind: terminal.Size},
		},
		Empty: "Nothing was captured.",
	}
	files := make([]string, len(all))
	for i, c := range all {
		files[i] = c.File
		t.Rows = append(t.Rows, []any{
			c.File, c.Label, c.Worker, c.Time.Format(time.RFC3339Nano), c.Bytes, c.Memory.Before.HeapUsed,
		})
	}
	next := "plumb heap summary " + files[0]
	switch {
	case len(all) > 1:
		next = "plumb leaks " + strings.Join(files, " ")
	case attached != "": // V8 numbers its objects anew when we leave
		next += "\n      plumb snapshot " + attached + " --count 2 --every 30s   takes two that can be compared"
	}
	text := func(w io.Writer) error {
		plural := ""
		if len(all) > 1 {
			plural = "s"
		}
		fmt.Fprintf(w, "Captured %d snapshot%s of %s:\n\n", len(all), plural, program.Name(p))
		if err := ui.WriteTable(w, t); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w, "\nNext: %s\n", next)
		return err
	}
	return ui.Print(terminal.Result{JSON: struct {
		Snapshots []captured `json:"snapshots"`
	}{all}, Table: t, Text: text})
}
