package cli

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/devtools"
)

func newHeapSamplesCommand(a *app) *cobra.Command {
	var rows listing
	cmd := &cobra.Command{
		Use:     "samples FILE",
		Short:   "Show when the living objects were allocated",
		Long:    "Shows the allocation timeline: how much of what was allocated up to each point in time is still alive.",
		Example: "plumb heap samples recording.heaptimeline",
		Args:    takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withView(cmd, args[0], func(v *devtools.View) error {
				t := &table{
					Columns: []column{
						{"timestamp", "Time (ms)", number},
						{"lastAssignedId", "Newest object", number},
						{"size", "Still alive", kilobytes},
					},
					Empty: "The snapshot has no samples: it was not recorded over time (in DevTools: Allocations on timeline).",
				}
				for _, s := range v.Samples() {
					t.Rows = append(t.Rows, []any{s.Milliseconds, s.LastAssignedID, s.Size})
				}
				if err := rows.apply(a, cmd, t, "samples"); err != nil {
					return err
				}
				return a.printTable(t)
			})
		},
	}
	rows.add(cmd, "time")
	return cmd
}
