package fleetcmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/hub"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/ledger"
)

func newAppsCommand(ui *terminal.UI) *cobra.Command {
	var at hub.Flags
	var listing terminal.Listing
	cmd := &cobra.Command{
		Use:   "apps",
		Short: "The apps of all hosts: memory and state",
		Long: "List every instance of every app that was heard of in the last day. One that is\n" +
			"silent has not been heard of for half a minute; one that left was let go by its\n" +
			"plumb.",
		Example: "plumb fleet apps\nplumb fleet apps --sort rss --top 10",
		Args:    terminal.Takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := connect(cmd, &at)
			if err != nil {
				return err
			}
			defer c.conn.Close()
			var apps []fleet.App
			var now time.Time
			if err := c.ask(cmd.Context(), "list the apps", func(ctx context.Context) (err error) {
				apps, now, err = ledger.Apps(ctx, c.js)
				return err
			}); err != nil {
				return err
			}
			t := appsTable(apps, now)
			if err := listing.Apply(ui, cmd, t, "instances"); err != nil {
				return err
			}
			return ui.PrintTable(t)
		},
	}
	at.Add(cmd, hub.Local)
	listing.Add(cmd, "agent, host, app")
	return cmd
}

func appsTable(apps []fleet.App, now time.Time) *terminal.Table {
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "app", Title: "App", Kind: terminal.Words},
			{Key: "instance", Title: "N", Kind: terminal.Number},
			{Key: "host", Title: "Host", Kind: terminal.Words},
			{Key: "agent", Title: "Agent", Kind: terminal.Words},
			{Key: "release", Title: "Release", Kind: terminal.Words},
			{Key: "state", Title: "State", Kind: terminal.Words},
			{Key: "rss", Title: "RSS", Kind: terminal.Size},
			{Key: "limit", Title: "Limit", Kind: terminal.Size},
			{Key: "heap", Kind: terminal.Size},
			{Key: "restarts", Title: "Restarts", Kind: terminal.Count},
			{Key: "seen", Title: "Heard", Kind: terminal.Span},
			{Key: "spooledCases", Kind: terminal.Count},
			{Key: "spooledBytes", Title: "Spool", Kind: terminal.Size},
			{Key: "metrics", Kind: terminal.Words},
		},
		Empty: "No app was heard of: plumb run, attach and exporter tell the hub of theirs with --hub.",
	}
	for _, a := range apps {
		t.Rows = append(t.Rows, []any{
			a.App, a.Instance, a.Host, a.Agent, a.Release, ledger.StateOf(&a, now), a.RSS, unlessZero(a.Limit), unlessZero(a.Heap), a.Restarts,
			int64(now.Sub(a.Seen).Seconds()), a.Spooled.Cases, a.Spooled.Bytes, a.Metrics,
		})
	}
	return t
}

// unlessZero is nothing for what is not known.
func unlessZero(n uint64) any {
	if n == 0 {
		return nil
	}
	return n
}
