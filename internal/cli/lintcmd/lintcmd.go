// Package lintcmd has plumb lint: paths, an editor's text or a language server,
// the configuration, and the forms of the findings. The rules are lint's.
package lintcmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Commands are lint alone.
func Commands(ui *terminal.UI) []*cobra.Command {
	return []*cobra.Command{newLintCommand(ui)}
}
