// Package monitorcmd has plumb monitor: its flags, and the way from plumb to
// plumb-server, which has Prometheus and Alertmanager inside. Both programs know the
// command, so that help, completion and mistakes in flags are the same in both; only
// the second can carry it out.
package monitorcmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Commands is monitor. args are those of the whole program, and monitor is nil where
// plumb-server has to do it.
func Commands(ui *terminal.UI, args []string, monitor Monitor) []*cobra.Command {
	return []*cobra.Command{newMonitorCommand(ui, args, monitor)}
}
