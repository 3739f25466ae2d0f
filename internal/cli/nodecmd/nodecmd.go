// Package nodecmd has the commands that ask one running Node.js program: which
// ones there are (ps), its memory, its garbage, a snapshot, a profile of its
// allocations. They attach, ask, and let go; plumb profile also reads what it
// has recorded before.
//
// What watches a program for longer is in watchcmd, what keeps it up in runcmd.
package nodecmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Commands are ps, snapshot, memory, gc and profile.
func Commands(ui *terminal.UI) []*cobra.Command {
	return []*cobra.Command{
		newPsCommand(ui),
		newSnapshotCommand(ui),
		newMemoryCommand(ui),
		newGCCommand(ui),
		newProfileCommand(ui),
	}
}
