// Package cli is the command line of plumb: the root, under which each room
// below this one puts its commands (democmd, opencmd, heapcmd, nodecmd, watchcmd, runcmd, huntcmd,
// loadcmd, lintcmd, labcmd, monitorcmd).
//
// Every command has the same flags (--json, --csv, --bytes, --no-color, --quiet),
// the same tables, the same errors and the same exit codes: 0 nothing found or
// done, 1 a leak found, 2 wrong usage or failure, 3 not enough evidence. Results
// go to the standard output; progress, notes and errors to the standard error.
// Package terminal has all of that.
//
// A command reads its arguments, calls the packages that know, and shows what
// they return. It does not compute: no rule about heaps or leaks lives here.
package cli

import (
	"context"
	"io"
	"strings"

	"github.com/charmbracelet/fang"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/democmd"
	"github.com/plumb-dev/plumb/internal/cli/fleetcmd"
	"github.com/plumb-dev/plumb/internal/cli/heapcmd"
	"github.com/plumb-dev/plumb/internal/cli/hubcmd"
	"github.com/plumb-dev/plumb/internal/cli/huntcmd"
	"github.com/plumb-dev/plumb/internal/cli/labcmd"
	"github.com/plumb-dev/plumb/internal/cli/lintcmd"
	"github.com/plumb-dev/plumb/internal/cli/loadcmd"
	"github.com/plumb-dev/plumb/internal/cli/mcpcmd"
	"github.com/plumb-dev/plumb/internal/cli/monitorcmd"
	"github.com/plumb-dev/plumb/internal/cli/nodecmd"
	"github.com/plumb-dev/plumb/internal/cli/opencmd"
	"github.com/plumb-dev/plumb/internal/cli/root"
	"github.com/plumb-dev/plumb/internal/cli/runcmd"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/cli/watchcmd"
)

// Streams are the three standard streams.
type Streams = root.Streams

// Main runs plumb with args (without the program's name) and returns the exit
// code.
func Main(ctx context.Context, args []string, s Streams) int {
	return root.Execute(ctx, args, s, styled, rooms(args)...)
}

// Tree is the command line without anything to run it: what documentation is made from
// and checked against.
func Tree() *cobra.Command {
	return root.Tree(&terminal.UI{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, rooms(nil)...)
}

// rooms are all rooms; two of them pass args on to a program beside plumb.
func rooms(args []string) []root.Room {
	return []root.Room{
		democmd.Commands,
		opencmd.Commands,
		heapcmd.Commands,
		nodecmd.Commands,
		watchcmd.Commands,
		runcmd.Commands,
		huntcmd.Commands,
		loadcmd.Commands,
		lintcmd.Commands,
		labcmd.Commands,
		fleetcmd.Commands,
		func(ui *terminal.UI) []*cobra.Command { return mcpcmd.Commands(ui, Main) },
		func(ui *terminal.UI) []*cobra.Command { return hubcmd.Commands(ui, args, nil) },
		func(ui *terminal.UI) []*cobra.Command { return monitorcmd.Commands(ui, args, nil) },
		root.Manual,
	}
}

// styled is the command line with help in colour and completions.
func styled(ctx context.Context, root *cobra.Command, version string) error {
	return fang.Execute(ctx, root,
		fang.WithVersion(version),
		fang.WithoutManpage(), // root.Manual has one for each command
		fang.WithErrorHandler(func(io.Writer, fang.Styles, error) {}), // the caller prints
	)
}
