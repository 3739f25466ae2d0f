// Package hubcmd has the commands of a fleet's middle: hub and analyze. Both are done by
// plumb-hub, which has a NATS server inside; plumb knows them too, so that help,
// completion and mistakes in flags are the same in both.
package hubcmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/fleet"
)

// program is the one with what would make plumb large.
const program = "plumb-hub"

// Doer does what the commands are asked for.
type Doer struct {
	Hub     func(context.Context, Hub) error
	Analyze func(context.Context, Analyze) error
	// Token makes a token in a hub's folder, and Revoke removes one.
	Token  func(dir, name, role, nkey string) (fleet.Token, error)
	Revoke func(dir, name string) error
}

// Commands are hub and analyze. args are those of the whole program, and do is nil where
// plumb-hub has to do it.
func Commands(ui *terminal.UI, args []string, do *Doer) []*cobra.Command {
	return []*cobra.Command{newHubCommand(ui, args, do), newAnalyzeCommand(ui, args, do)}
}
