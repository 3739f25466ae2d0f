// Package opencmd is plumb open: snapshots in the browser.
package opencmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/page"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/web"
	"github.com/plumb-dev/plumb/internal/web/findings"
	"github.com/plumb-dev/plumb/internal/web/live"
	"github.com/plumb-dev/plumb/internal/web/player"
	"github.com/plumb-dev/plumb/internal/web/snapshots"
)

// Commands are the commands of this room.
func Commands(ui *terminal.UI) []*cobra.Command { return []*cobra.Command{newOpenCommand(ui)} }

func newOpenCommand(ui *terminal.UI) *cobra.Command {
	var show page.Flags
	cmd := &cobra.Command{
		Use:   "open [FILE|FOLDER...]",
		Short: "Look at snapshots in the browser",
		Long: "Serve a page with the perspectives of DevTools' memory panel, and what that has not got: growth over\n" +
			"several snapshots, merged retaining paths, what would be freed, a query box. Snapshots of the given\n" +
			"files and folders are on it, those of this folder when none is given; more can be dropped onto it.\n" +
			"It is served on this machine alone, to who has the address that is printed.",
		Example: "  plumb open\n  plumb open before.heapsnapshot after.heapsnapshot\n  plumb open ./snapshots --no-browser --address 127.0.0.1:9470",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "/snapshots"
			if len(args) == 0 {
				args = []string{"."}
			}
			shelf, err := snapshots.NewShelf(args...)
			if err != nil {
				return terminal.WithHint(fmt.Errorf("open: %w", err), "give .heapsnapshot files, or folders with some")
			}
			defer shelf.Close()
			leaks, err := findingsOf(shelf)
			if err != nil {
				return err
			}
			apps := live.New(".")
			defer apps.Close()
			if id, ok := shelf.Only(); ok {
				path = "/snapshots/" + id + "/summary"
				if err := shelf.Open(id); err != nil { // while the browser starts
					return err
				}
			}
			return show.Serve(cmd.Context(), ui, &web.Site{Parts: []web.Part{snapshots.New(shelf), leaks, apps, player.New("node")}}, path)
		},
	}
	show.Add(cmd)
	return cmd
}

// findingsOf is the store of findings, whose snapshots are put on the shelf.
func findingsOf(shelf *snapshots.Shelf) (*findings.Part, error) {
	dir, err := diagnosis.DefaultDir()
	if err != nil {
		return nil, err
	}
	store, err := diagnosis.Open(dir, diagnosis.Budget{})
	if err != nil {
		return nil, terminal.WithHint(fmt.Errorf("open the findings in %s: %w", dir, err), "is the folder yours?")
	}
	shelf.Watch(dir)
	return &findings.Part{Store: store, Root: terminal.WorkingFolder()}, nil
}
