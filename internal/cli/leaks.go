package cli

import (
	"errors"

	"github.com/spf13/cobra"
)

func newLeaksCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "leaks A B [C...]",
		Short: "Say what grew between snapshots, why it is alive and which line holds it",
		Args:  takes("A", "B", "[C...]"),
		RunE: func(*cobra.Command, []string) error {
			return errors.New("leaks: not there yet")
		},
	}
	a.addIndexFlag(cmd)
	return cmd
}
