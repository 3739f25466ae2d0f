// Package labcmd has plumb lab: recording a program, replaying a trace in a
// terminal or in print, the stages of a program, and the exhibits. What is shown
// was recorded or computed by package lab and those below it.
package labcmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Commands are lab and what is below it.
func Commands(ui *terminal.UI) []*cobra.Command {
	cmd := newLabCommand(ui)
	cmd.AddCommand(newReplayCommand(ui), newStagesCommand(ui), newExhibitCommand(ui), newPreventionCommand(ui))
	return []*cobra.Command{cmd}
}
