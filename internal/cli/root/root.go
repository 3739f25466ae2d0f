// Package root is the command line without its commands: the root plumb, under
// which any program puts the commands that it has; their common handling of
// arguments, unknown commands, flags and errors; help and version.
package root

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Streams are the three standard streams. When one is an *os.File of a
// terminal, the output has colour, progress bars and the terminal's width.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// Room makes the commands of one room.
type Room func(*terminal.UI) []*cobra.Command

// Run runs the command line, and prints no error.
type Run func(ctx context.Context, root *cobra.Command, version string) error

// Plain is for programs that plumb starts: it has shown the help by then.
func Plain(ctx context.Context, root *cobra.Command, version string) error {
	root.Version, root.SilenceErrors, root.SilenceUsage = version, true, true
	return root.ExecuteContext(ctx)
}

// Execute runs one command of the rooms with args (without the program's name), and
// returns the exit code.
func Execute(ctx context.Context, args []string, s Streams, run Run, rooms ...Room) int {
	version := readVersion().Version
	ui := &terminal.UI{In: s.In, Out: s.Out, Err: s.Err, Version: version}
	var failure error
	root := Tree(ui, rooms...)
	adopt(ui, root, &failure)
	root.SetArgs(args)
	err := run(ctx, root, version)
	if err == nil {
		err = failure
	}
	return ui.Report(ctx, err)
}

// Tree is the command line with the commands of the rooms, to be looked at or executed.
func Tree(ui *terminal.UI, rooms ...Room) *cobra.Command {
	root := newRoot(ui)
	for _, commands := range rooms {
		root.AddCommand(commands(ui)...)
	}
	return root
}

// newRoot makes the command plumb.
func newRoot(ui *terminal.UI) *cobra.Command {
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
	root.AddCommand(newVersionCommand(ui))
	root.SetHelpCommand(newHelpCommand(root))
	return root
}

// adopt gives cmd and everything below it the same handling of arguments,
// unknown commands, flags and errors. What the command that runs returns goes to
// failure, past the library that runs the command line (fang), which would ask the terminal for its colours before it
// gives it to us.
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
