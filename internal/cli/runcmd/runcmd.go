// Package runcmd has plumb run, which keeps apps up, and the commands that ask
// the plumb that does: status, logs, restart, reload, stop, startup.
//
// An app is a program that is kept up, in one instance or more, out of flags or
// of PM2's configuration file. What a run shows (output, log files, metrics,
// diagnoses) follows the events of supervise, which decides everything.
package runcmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Commands are run, status, logs, startup, restart, reload and stop.
func Commands(ui *terminal.UI) []*cobra.Command {
	return append(newControlCommands(ui),
		newRunCommand(ui),
		newStatusCommand(ui),
		newLogsCommand(ui),
		newStartupCommand(ui),
	)
}
