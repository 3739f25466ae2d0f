package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/node"
)

func newGCCommand(a *app) *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{
		Use:   "gc " + targetArgument,
		Short: "Collect the garbage of a running program and show what that freed",
		Long: "Force garbage collections until they free nothing more. The program stands\n" +
			"still for each. What is left in heapUsed afterwards is what its variables hold.",
		Args: takes(targetArgument),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withThread(cmd.Context(), args[0], &flags, func(p *node.Process, t *node.Thread) error {
				return a.collect(cmd.Context(), p, t)
			})
		},
	}
	flags.add(cmd)
	return cmd
}

func (a *app) collect(ctx context.Context, p *node.Process, t *node.Thread) error {
	c, err := t.Collect(ctx)
	if err != nil {
		return err
	}
	before, after := figures(c.Before), figures(c.After)
	rows := &table{
		Columns: []column{
			{"figure", "Figure", words}, {"before", "Before", size}, {"after", "After", size}, {"change", "Change", growth},
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
		processName(p), a.size(max(freed, 0)), a.size(int64(c.After.HeapUsed)))
	if c.Before.RSS == 0 {
		rows.Footer = noRSS
	}
	if !c.Settled {
		rows.Footer += fmt.Sprintf("\nAfter %d collections there is still some to free: the program is at work.", c.Rounds)
	}
	return a.print(result{JSON: gcResult{PID: p.Info().PID, Freed: freed, Collected: c}, Table: rows})
}

// gcResult is the result of plumb gc --json.
type gcResult struct {
	PID   int   `json:"pid"`
	Freed int64 `json:"freed"` // bytes of heapUsed
	node.Collected
}
