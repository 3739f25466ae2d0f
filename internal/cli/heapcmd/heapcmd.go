// Package heapcmd has the commands that read snapshot files: plumb heap, one
// file for each view of DevTools, and plumb leaks, which compares several.
//
// A command opens its files ([openSnapshot]: progress, warnings, the index
// beside the file), asks a devtools.View or leak, and makes tables of the
// answer. No rule about heaps or leaks lives here.
package heapcmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Commands are heap, leaks and redact.
func Commands(ui *terminal.UI) []*cobra.Command {
	return []*cobra.Command{newHeapCommand(ui), newLeaksCommand(ui), newRedactCommand(ui)}
}
