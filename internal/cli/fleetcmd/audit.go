package fleetcmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/hub"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/fleet/ledger"
)

func newAuditCommand(ui *terminal.UI) *cobra.Command {
	var at hub.Flags
	var listing terminal.Listing
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Who gave which command, and what became of it",
		Long: "List the commands that were given to agents, the newest first. A command is there\n" +
			"also when no agent has answered. Names are those of tokens, and nobody can give a\n" +
			"command in another's name.",
		Example: "plumb fleet audit --csv",
		Args:    terminal.Takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := connect(cmd, &at)
			if err != nil {
				return err
			}
			defer c.conn.Close()
			var entries []ledger.AuditEntry
			if err := c.ask(cmd.Context(), "read the audit log", func(ctx context.Context) (err error) {
				entries, err = ledger.Audit(ctx, c.js)
				return err
			}); err != nil {
				return err
			}
			t := &terminal.Table{
				Columns: []terminal.Column{
					{Key: "time", Title: "Time", Kind: terminal.Words},
					{Key: "who", Title: "Who", Kind: terminal.Words},
					{Key: "what", Title: "What", Kind: terminal.Words},
					{Key: "app", Title: "App", Kind: terminal.Words},
					{Key: "agent", Title: "Agent", Kind: terminal.Words},
					{Key: "host", Title: "Host", Kind: terminal.Words},
					{Key: "entry", Title: "Entry", Kind: terminal.Words},
					{Key: "outcome", Title: "Outcome", Kind: terminal.Words},
				},
				Empty: "No command was given.",
			}
			for i := len(entries) - 1; i >= 0; i-- {
				e := entries[i]
				t.Rows = append(t.Rows, []any{e.Time.UTC().Format(time.RFC3339), e.Who, e.What, e.App, e.Agent, e.Host, e.Kind, e.Outcome})
			}
			if err := listing.Apply(ui, cmd, t, "entries"); err != nil {
				return err
			}
			return ui.PrintTable(t)
		},
	}
	at.Add(cmd, hub.Local)
	listing.Add(cmd, "the newest first")
	return cmd
}
