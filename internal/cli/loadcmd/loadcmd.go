// Package loadcmd has plumb load: requests out of flags, and the distribution of
// their latencies in the layout of npm's loadtest. The requests are load's.
package loadcmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Commands are load alone.
func Commands(ui *terminal.UI) []*cobra.Command {
	return []*cobra.Command{newLoadCommand(ui)}
}
