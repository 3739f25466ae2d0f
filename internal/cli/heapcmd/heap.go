package heapcmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// newHeapCommand is the parent of the views of one or more snapshots.
func newHeapCommand(ui *terminal.UI) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "heap",
		Short: "Look into heap snapshots as Chrome DevTools does",
	}
	AddIndexFlag(cmd)
	cmd.AddCommand(
		newHeapStatsCommand(ui),
		newHeapSummaryCommand(ui),
		newHeapInstancesCommand(ui),
		newHeapCompareCommand(ui),
		newHeapStringsCommand(ui),
		newHeapFiltersCommand(ui),
		newHeapSearchCommand(ui),
		newHeapRetainersCommand(ui),
		newHeapPathsCommand(ui),
		newHeapContainmentCommand(ui),
		newHeapDominatorsCommand(ui),
		newHeapDominatedCommand(ui),
		newHeapContextsCommand(ui),
		newHeapAllocationsCommand(ui),
		newHeapSamplesCommand(ui),
		newHeapNodesCommand(ui), newHeapExportCommand(ui),
		newHeapInfoCommand(ui),
		newHeapWhatIfCommand(ui),
	)
	return cmd
}
