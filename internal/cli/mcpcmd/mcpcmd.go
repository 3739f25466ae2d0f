// Package mcpcmd is plumb mcp: what plumb tells of snapshots and programs, for assistants
// that speak the Model Context Protocol (https://modelcontextprotocol.io).
//
// A tool is a command of plumb's, with fewer options and a short answer: the text that a
// person would read, which takes fewer tokens than JSON, a page at a time. The commands
// decide everything; this package knows which of them only read.
package mcpcmd

import (
	"context"
	"fmt"
	"os"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/root"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Main runs plumb with arguments.
type Main func(ctx context.Context, args []string, s root.Streams) (code int)

// Commands are the commands of this room.
func Commands(ui *terminal.UI, run Main) []*cobra.Command {
	var capture bool
	var folder string
	cmd := &cobra.Command{
		Use:   "mcp",
		Short: "Answer an assistant's questions (Model Context Protocol)",
		Long: "Be a server of the Model Context Protocol on the standard streams, for assistants that\n" +
			"look for leaks: programs that run, snapshots in DevTools' perspectives, what grew and\n" +
			"why it is alive, causes in source code. Tools only read, but for the index that is\n" +
			"written beside a large snapshot; programs are left alone unless --allow-capture lets\n" +
			"the assistant take snapshots, for which a program stands still.",
		Example:     "  plumb mcp\n  plumb mcp --allow-capture --folder ./snapshots",
		Args:        terminal.Takes(),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if capture {
				if err := os.MkdirAll(folder, 0o700); err != nil {
					return terminal.WithHint(fmt.Errorf("make the folder for snapshots: %w", err), "name one of yours with --folder")
				}
			}
			// Tables are for a reader who counts tokens, and has no terminal.
			if err := os.Setenv("COLUMNS", columns); err != nil {
				return err
			}
			server := newServer(ui.Version, &plumb{run: run, folder: folder}, capture)
			return server.Run(cmd.Context(), &mcp.IOTransport{Reader: in{ui.In}, Writer: out{ui.Out}})
		},
	}
	f := cmd.Flags()
	f.BoolVar(&capture, "allow-capture", false, "let the assistant take snapshots of programs and collect their garbage")
	f.StringVar(&folder, "folder", ".", "where the snapshots are put that it takes")
	return []*cobra.Command{cmd}
}

const columns = "160"
