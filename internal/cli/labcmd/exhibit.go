package labcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lab/exhibit"
)

func listExhibits(ui *terminal.UI) error {
	all, err := exhibit.All()
	if err != nil {
		return err
	}
	table := &terminal.Table{
		Columns: []terminal.Column{{Key: "name", Title: "Exhibit", Kind: terminal.Words}, {Key: "title", Title: "What leaks", Kind: terminal.Words}, {Key: "predicted", Title: "A call", Kind: terminal.Size}, {Key: "lint", Title: "Lint rule", Kind: terminal.Words}},
		Empty:   "There are no exhibits.",
		Verdict: fmt.Sprintf("%d exhibits: small programs that leak, and their fixes.", len(all)),
		Footer:  "plumb lab exhibit NAME shows one; --run runs it on your Node.js and measures.",
	}
	for _, e := range all {
		table.Rows = append(table.Rows, []any{e.Name, e.Title, e.Predicted, e.Lint})
	}
	return ui.PrintTable(table)
}

func newExhibitCommand(ui *terminal.UI) *cobra.Command {
	var run bool
	var node string
	var limit time.Duration
	cmd := &cobra.Command{
		Use:   "exhibit NAME",
		Short: "Show a leak and its fix, and measure both on your Node.js",
		Long: "Show a small program that leaks, its fix, and why. With --run both programs are run\n" +
			"in a child process, on your Node.js, in rounds, and what a call leaves behind is\n" +
			"set beside what the exhibit predicts. The exit code is 1 when that does not hold.",
		Example: "  plumb lab exhibit closure\n  plumb lab exhibit closure --run\n  plumb lab exhibit promise-race --run --node ./node-26",
		Args:    terminal.Takes("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, found, err := exhibit.Find(args[0])
			if err != nil {
				return err
			}
			if !found {
				return terminal.WithHint(fmt.Errorf("there is no exhibit %s", terminal.Printable(args[0])), "plumb lab lists the exhibits")
			}
			if !run {
				return ui.Print(terminal.Result{JSON: e, Text: func(w io.Writer) error { return writeExhibit(w, &e) }})
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), limit)
			defer cancel()
			m, err := exhibit.Run(ctx, &e, node)
			switch {
			case errors.Is(err, exec.ErrNotFound):
				return terminal.WithHint(err, "install Node.js, or name it with --node")
			case errors.Is(err, context.DeadlineExceeded):
				return terminal.WithHint(err, "give it longer with --max-time")
			case err != nil:
				return terminal.WithHint(err, "the exhibits need Node.js 20 or later")
			}
			return showMeasured(ui, &e, m)
		},
	}
	cmd.Flags().BoolVar(&run, "run", false, "run both programs and measure")
	cmd.Flags().StringVar(&node, "node", "node", "the Node.js that runs them")
	cmd.Flags().DurationVar(&limit, "max-time", time.Minute, "stop after so long")
	return cmd
}

func writeExhibit(w io.Writer, e *exhibit.Exhibit) error {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n\n%s\nLeaky\n%s\nFixed\n%s\n", e.Title, strings.ReplaceAll(e.Page, "**", ""), indent(e.Leaky, "  "), indent(e.Fixed, "  "))
	if e.Lint != "" {
		fmt.Fprintf(&out, "\nIn source code:      plumb lint --explain %s\n", e.Lint)
	}
	fmt.Fprintf(&out, "In a program:        %s\nMeasured here:       plumb lab exhibit %s --run\n", e.Command, e.Name)
	_, err := io.WriteString(w, out.String())
	return err
}

func showMeasured(ui *terminal.UI, e *exhibit.Exhibit, m *exhibit.Measured) error {
	verdict := fmt.Sprintf("On Node.js %s %s leaves behind %s a call, as predicted; its fix does not.", strings.TrimPrefix(m.Node, "v"), e.Name, ui.Size(int64(m.Leaky)))
	switch {
	case m.Verdict != exhibit.AsPredicted:
		verdict = fmt.Sprintf("On Node.js %s %s does not do what it predicts.", strings.TrimPrefix(m.Node, "v"), e.Name)
	case m.Predicted == 0:
		verdict = fmt.Sprintf("On Node.js %s %s does not leak, as predicted.", strings.TrimPrefix(m.Node, "v"), e.Name)
	}
	table := &terminal.Table{
		Columns: []terminal.Column{{Key: "program", Title: "Program", Kind: terminal.Words}, {Key: "predicted", Title: "Predicted", Kind: terminal.Size}, {Key: "measured", Title: "Measured", Kind: terminal.Growth}},
		Rows:    [][]any{{"leaky", m.Predicted, m.Leaky}, {"fixed", 0, m.Fixed}},
		Verdict: verdict,
		Empty:   "Nothing was measured.",
		Footer:  fmt.Sprintf("What a call leaves behind in %s memory: the median slope of rounds, %d calls.", e.Signal, m.Calls),
	}
	if err := ui.Print(terminal.Result{JSON: m, Table: table}); err != nil {
		return err
	}
	if m.Verdict != exhibit.AsPredicted {
		return terminal.FoundLeak
	}
	return nil
}
