package cli

import "github.com/spf13/cobra"

// newHeapCommand is the parent of the views of one or more snapshots.
func newHeapCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "heap",
		Short: "Look into heap snapshots as Chrome DevTools does",
	}
	addIndexFlag(cmd)
	cmd.AddCommand(
		newHeapStatsCommand(a),
		newHeapSummaryCommand(a),
		newHeapInstancesCommand(a),
		newHeapCompareCommand(a),
		newHeapStringsCommand(a),
		newHeapFiltersCommand(a),
		newHeapSearchCommand(a),
		newHeapRetainersCommand(a),
		newHeapPathsCommand(a),
		newHeapContainmentCommand(a),
		newHeapDominatorsCommand(a),
		newHeapDominatedCommand(a),
		newHeapContextsCommand(a),
		newHeapAllocationsCommand(a),
		newHeapSamplesCommand(a),
		newHeapNodesCommand(a),
		newHeapInfoCommand(a),
		newHeapWhatIfCommand(a),
	)
	return cmd
}
