package heapcmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

func newHeapSamplesCommand(ui *terminal.UI) *cobra.Command {
	var rows terminal.Listing
	cmd := &cobra.Command{
		Use:     "samples FILE",
		Short:   "Show when the living objects were allocated",
		Long:    "Shows the allocation timeline: how much of what was allocated up to each point in time is still alive.",
		Example: "plumb heap samples recording.heaptimeline",
		Args:    terminal.Takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withView(ui, cmd, args[0], func(v *devtools.View) error {
				t := &terminal.Table{
					Columns: []terminal.Column{
						{Key: "timestamp", Title: "Time (ms)", Kind: terminal.Number},
						{Key: "lastAssignedId", Title: "Newest object", Kind: terminal.Number},
						{Key: "size", Title: "Still alive", Kind: terminal.Kilobytes},
					},
					Empty: "The snapshot has no samples: it was not recorded over time (in DevTools: Allocations on timeline).",
				}
				for _, s := range v.Samples() {
					t.Rows = append(t.Rows, []any{s.Milliseconds, s.LastAssignedID, s.Size})
				}
				if err := rows.Apply(ui, cmd, t, "samples"); err != nil {
					return err
				}
				return ui.PrintTable(t)
			})
		},
	}
	rows.Add(cmd, "time")
	return cmd
}
