package labcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lab"
	"github.com/plumb-dev/plumb/internal/lab/record"
	"github.com/plumb-dev/plumb/internal/lab/stage"
)

func newStagesCommand(ui *terminal.UI) *cobra.Command {
	var node string
	var limit time.Duration
	cmd := &cobra.Command{
		Use:   "stages [PROGRAM.js] [ARGS...]",
		Short: "Read a program's memory at marks in its source",
		Long: "Run a program and read its memory at each mark: a comment \"// stage: NAME\" on a line\n" +
			"of its own, or a call of plumbStage('NAME'). Without a program, the tutorial's demo\n" +
			"is run. A program is run twice: once at full speed for the figures, once line by\n" +
			"line to see which objects died. gc() is there without --expose-gc.",
		Example: "  plumb lab stages\n  plumb lab stages app.js",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				folder, err := os.MkdirTemp("", "plumb-lab")
				if err != nil {
					return err
				}
				defer os.RemoveAll(folder)
				args = []string{filepath.Join(folder, "demo.js")}
				if err := os.WriteFile(args[0], []byte(stage.Demo), 0o600); err != nil {
					return err
				}
			}
			return runStages(cmd.Context(), ui, node, limit, args)
		},
	}
	cmd.Flags().StringVar(&node, "node", "node", "the Node.js that runs the program")
	cmd.Flags().DurationVar(&limit, "max-time", time.Minute, "stop each of the two runs after so long")
	return cmd
}

func runStages(ctx context.Context, ui *terminal.UI, node string, limit time.Duration, args []string) error {
	if !ui.Quiet {
		ui.Note("running %s", filepath.Base(args[0]))
	}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	r, err := stage.Run(timed, node, args[0], args[1:])
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return terminal.WithHint(err, "install Node.js, or name it with --node")
	case errors.Is(err, os.ErrNotExist):
		return terminal.WithHint(err, "check the path of the program")
	case errors.Is(err, context.DeadlineExceeded):
		return terminal.WithHint(fmt.Errorf("%s did not end within %v", args[0], limit), "the figures need a program that ends; give it longer with --max-time")
	case err != nil:
		return terminal.WithHint(err, "the program has to end by itself, not by process.exit")
	}
	t, err := record.Record(ctx, args[0], record.Options{Node: node, Args: args[1:], Steps: 1000, Time: limit, Memory: 512, Checkpoint: record.FewCheckpoints})
	if err != nil {
		return err
	}
	r.Died(t)
	return ui.Print(terminal.Result{JSON: r, Text: func(w io.Writer) error { return writeStages(w, ui, r) }})
}

func writeStages(w io.Writer, ui *terminal.UI, r *stage.Report) error {
	figures := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "stage", Title: "Stage", Kind: terminal.Words},
			{Key: "rss", Title: "rss", Kind: terminal.Size},
			{Key: "heapTotal", Title: "heapTotal", Kind: terminal.Size},
			{Key: "heapUsed", Title: "heapUsed", Kind: terminal.Size},
			{Key: "change", Title: "Change", Kind: terminal.Growth},
			{Key: "external", Title: "external", Kind: terminal.Size},
			{Key: "arrayBuffers", Title: "buffers", Kind: terminal.Size},
		},
		Verdict: fmt.Sprintf("%d stages on Node.js %s; the figures are those at the end of each.", len(r.Stages), strings.TrimPrefix(r.Node, "v")),
		Empty:   "The program has no stages.",
	}
	for _, s := range r.Stages {
		figures.Rows = append(figures.Rows, []any{s.Name, s.Memory.RSS, s.Memory.HeapTotal, s.Memory.HeapUsed, s.Change.HeapUsed, s.Memory.External, s.Memory.ArrayBuffers})
	}
	if err := ui.WriteTable(w, figures); err != nil {
		return err
	}
	if err := writeCollections(w, ui, r); err != nil {
		return err
	}
	p := painter{ui: ui, w: w, width: ui.Width()}
	fmt.Fprintln(w)
	for _, s := range r.Stages {
		fmt.Fprintln(w, p.wrap(sentence(ui, &s)))
	}
	_, err := fmt.Fprintln(w, "\n"+p.wrap("rss does not follow heapUsed: V8 and the system keep pages that they may need again. V8 may free an object before \"x = null\" runs, as soon as nothing reads x any more."))
	return err
}

// writeCollections shows what V8's generations held around each collection.
func writeCollections(w io.Writer, ui *terminal.UI, r *stage.Report) error {
	table := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "stage", Title: "Stage", Kind: terminal.Words},
			{Key: "kind", Title: "Collection", Kind: terminal.Words},
			{Key: "milliseconds", Title: "ms", Kind: terminal.Words},
			{Key: "youngBefore", Title: "Young", Kind: terminal.Size},
			{Key: "youngAfter", Title: "after", Kind: terminal.Size},
			{Key: "oldBefore", Title: "Old", Kind: terminal.Size},
			{Key: "oldAfter", Title: "after", Kind: terminal.Size},
		},
		Verdict: "\nV8's collections: a scavenge empties the young generation, a mark-compact goes through all.",
	}
	for _, s := range r.Stages {
		for _, c := range s.Collections {
			table.Rows = append(table.Rows, []any{s.Name, c.Kind, fmt.Sprintf("%.1f", c.Milliseconds), int64(c.Young.Before), int64(c.Young.After), int64(c.Old.Before), int64(c.Old.After)})
		}
	}
	if len(table.Rows) == 0 {
		return nil
	}
	return ui.WriteTable(w, table)
}

// collected says what one collection did.
func collected(ui *terminal.UI, c *lab.Collection) string {
	text := fmt.Sprintf("%s of %.1f ms", c.Kind, c.Milliseconds)
	if freed := c.Freed(); freed > 0 {
		text += ", which freed " + ui.Size(freed)
	}
	return text
}

// sentence says what a stage did.
func sentence(ui *terminal.UI, s *stage.Stage) string {
	text := s.Name + ": heapUsed "
	switch {
	case s.Change.HeapUsed > 0:
		text += "rose by " + ui.Size(s.Change.HeapUsed)
	case s.Change.HeapUsed < 0:
		text += "fell by " + ui.Size(-s.Change.HeapUsed)
	default:
		text += "stayed"
	}
	if len(s.Collections) == 0 {
		text += "; V8 collected nothing"
	} else {
		kinds := make([]string, len(s.Collections))
		for i, c := range s.Collections {
			kinds[i] = collected(ui, &c)
		}
		text += "; V8 ran " + strings.Join(kinds, ", ")
	}
	if len(s.Died) > 0 {
		text += "; stepped line by line, these died: " + strings.Join(s.Died, ", ")
	}
	return terminal.Printable(text) + "."
}
