package nodecmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/program"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/node"
)

func newGCCommand(ui *terminal.UI) *cobra.Command {
	var flags program.Flags
	cmd := &cobra.Command{
		Use:   "gc " + program.Argument,
		Short: "Collect the garbage of a running program and show what that freed",
		Long: "Force garbage collections until they free nothing more. The program stands\n" +
			"still for each. What is left in heapUsed afterwards is what its variables hold.",
		Args: terminal.Takes(program.Argument),
		RunE: func(cmd *cobra.Command, args []string) error {
			return program.WithThread(cmd.Context(), args[0], &flags, func(p *node.Process, t *node.Thread) error {
				return collect(cmd.Context(), ui, p, t)
			})
		},
	}
	flags.Add(cmd)
	return cmd
}

func collect(ctx context.Context, ui *terminal.UI, p *node.Process, t *node.Thread) error {
	c, err := t.Collect(ctx)
	if err != nil {
		return err
	}
	before, after := figures(c.Before), figures(c.After)
	rows := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "figure", Title: "Figure", Kind: terminal.Words}, {Key: "before", Title: "Before", Kind: terminal.Size}, {Key: "after", Title: "After", Kind: terminal.Size}, {Key: "change", Title: "Change", Kind: terminal.Growth},
		},
		Empty: "There are no figures.",
	}
	for i := range before {
		var change any
		if before[i].cell() != nil {
			change = int64(after[i].bytes) - int64(before[i].bytes)
		}
		rows.Rows = append(rows.Rows, []any{before[i].name, before[i].cell(), after[i].cell(), change})
	}
	freed := int64(c.Before.HeapUsed) - int64(c.After.HeapUsed)
	rows.Verdict = fmt.Sprintf("Collecting the garbage of %s freed %s; %s are still in use.",
		program.Name(p), ui.Size(max(freed, 0)), ui.Size(int64(c.After.HeapUsed)))
	if c.Before.RSS == 0 {
		rows.Footer = noRSS
	}
	if !c.Settled {
		rows.Footer += fmt.Sprintf("\nAfter %d collections there is still some to free: the program is at work.", c.Rounds)
	}
	return ui.Print(terminal.Result{JSON: gcResult{PID: p.Info().PID, Freed: freed, Collected: c}, Table: rows})
}

// gcResult is the result of plumb gc --json.
type gcResult struct {
	PID   int   `json:"pid"`
	Freed int64 `json:"freed"` // bytes of heapUsed
	node.Collected
}
