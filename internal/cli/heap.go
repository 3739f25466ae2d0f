package cli

import "github.com/spf13/cobra"

// newHeapCommand is the parent of the views of one or more snapshots.
func newHeapCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "heap",
		Short: "Look into heap snapshots as Chrome DevTools does",
	}
	a.addIndexFlag(cmd)
	return cmd
}
