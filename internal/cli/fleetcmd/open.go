package fleetcmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/hub"
	"github.com/plumb-dev/plumb/internal/cli/page"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/web"
	"github.com/plumb-dev/plumb/internal/web/fleet"
	"github.com/plumb-dev/plumb/internal/web/snapshots"
)

func newOpenCommand(ui *terminal.UI) *cobra.Command {
	var at hub.Flags
	var show page.Flags
	cmd := &cobra.Command{
		Use:   "open",
		Short: "Look at the fleet in the browser",
		Long: "Serve a page with the apps of all hosts, what leaks in them, commands to agents and who\n" +
			"gave them; snapshots of a leak can be looked at. The page is served on this machine\n" +
			"alone, and asks the hub in the name of your token.",
		Example: "  plumb fleet open\n  plumb fleet open --hub tls://hub.example.com:4222 --hub-token-file me.token",
		Args:    terminal.Takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := connect(cmd, &at)
			if err != nil {
				return err
			}
			defer c.conn.Close()
			shelf, err := snapshots.NewShelf()
			if err != nil {
				return terminal.WithHint(fmt.Errorf("fleet open: %w", err), "is the folder for temporary files yours?")
			}
			defer shelf.Close()
			parts := []web.Part{&fleet.Part{By: c.operator(), Keep: shelf.Take}, snapshots.New(shelf)}
			return show.Serve(cmd.Context(), ui, &web.Site{Parts: parts}, "/fleet")
		},
	}
	at.Add(cmd, hub.Local)
	show.Add(cmd)
	return cmd
}
