// Package cli is the command line of plumb: the root, under which each room
// below this one puts its commands (heapcmd, nodecmd, watchcmd, runcmd, huntcmd,
// loadcmd, monitorcmd).
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

	"github.com/charmbracelet/fang"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/heapcmd"
	"github.com/plumb-dev/plumb/internal/cli/huntcmd"
	"github.com/plumb-dev/plumb/internal/cli/loadcmd"
	"github.com/plumb-dev/plumb/internal/cli/monitorcmd"
	"github.com/plumb-dev/plumb/internal/cli/nodecmd"
	"github.com/plumb-dev/plumb/internal/cli/runcmd"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/cli/watchcmd"
)

// Streams are the three standard streams. When one is an *os.File of a
// terminal, the output has colour, progress bars and the terminal's width.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// Main runs plumb with args (without the program's name) and returns the exit
// code.
func Main(ctx context.Context, args []string, s Streams) int {
	return execute(ctx, args, s, nil)
}

// ServerMain runs plumb-server: plumb, with what [Main] leaves to it.
func ServerMain(ctx context.Context, args []string, s Streams, monitor monitorcmd.Monitor) int {
	return execute(ctx, args, s, monitor)
}

func execute(ctx context.Context, args []string, s Streams, monitor monitorcmd.Monitor) int {
	version := readVersion().Version
	ui := &terminal.UI{In: s.In, Out: s.Out, Err: s.Err, Version: version}
	var failure error
	root := newRoot(ui, &failure)
	root.AddCommand(monitorcmd.Commands(ui, args, monitor)...)
	adopt(ui, root, &failure)
	root.SetArgs(args)
	err := fang.Execute(ctx, root,
		fang.WithVersion(version),
		fang.WithErrorHandler(func(io.Writer, fang.Styles, error) {}), // Report prints
	)
	if err == nil {
		err = failure
	}
	return ui.Report(ctx, err)
}

// newRoot makes the command plumb. What the command that runs returns goes to
// failure: around fang, which would ask the terminal for its colours before it
// gives it to us.
func newRoot(ui *terminal.UI, failure *error) *cobra.Command {
	root := &cobra.Command{
		Use:   "plumb",
		Short: "Find memory leaks in Node.js programs",
		Long: "plumb reads V8 heap snapshots and names what leaks: the variable, the file and the line.\n\n" +
			"Exit codes: 0 nothing found or done, 1 a leak found, 2 wrong usage or failure, 3 not enough evidence.",
		Example: "plumb leaks before.heapsnapshot after.heapsnapshot\n" +
			"plumb heap summary app.heapsnapshot",
	}
	root.SetIn(ui.In)
	root.SetOut(ui.HelpOutput())
	root.SetErr(ui.Err)
	ui.AddFlags(root.PersistentFlags())
	for _, commands := range []func(*terminal.UI) []*cobra.Command{
		heapcmd.Commands,
		nodecmd.Commands,
		watchcmd.Commands,
		runcmd.Commands,
		huntcmd.Commands,
		loadcmd.Commands,
	} {
		root.AddCommand(commands(ui)...)
	}
	root.AddCommand(newVersionCommand(ui))
	root.SetHelpCommand(newHelpCommand(root))
	return root
}

// adopt gives cmd and everything below it the same handling of arguments,
// unknown commands, flags and errors.
func adopt(ui *terminal.UI, cmd *cobra.Command, failure *error) {
	for _, sub := range cmd.Commands() {
		adopt(ui, sub, failure)
	}
	cmd.DisableFlagsInUseLine = true
	cmd.SetFlagErrorFunc(flagError)
	if !cmd.Runnable() {
		cmd.RunE = runGroup
	}
	check, run := cmd.Args, cmd.RunE
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		*failure = ui.CheckFormat(cmd)
		if *failure == nil && check != nil {
			*failure = check(cmd, args)
		}
		if *failure == nil {
			*failure = run(cmd, args)
		}
		return nil
	}
}
