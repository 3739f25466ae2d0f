// Package huntcmd has plumb hunt: from flags to a plan, from phases to lines of
// progress, from a result to reports, files and an exit code. The experiment
// itself is hunt's.
package huntcmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Commands are hunt alone.
func Commands(ui *terminal.UI) []*cobra.Command {
	return []*cobra.Command{newHuntCommand(ui)}
}
