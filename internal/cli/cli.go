// Package cli is the command line of plumb: one file per command, and the
// frame they share.
//
// The frame gives every command the same flags (--json, --csv, --bytes,
// --no-color, --quiet), the same tables, the same errors and the same exit
// codes: 0 nothing found or done, 1 a leak found, 2 wrong usage or failure,
// 3 not enough evidence. Results go to the standard output; progress, notes
// and errors to the standard error.
//
// A command reads its arguments, calls the packages that know, and shows what
// they return. It does not compute: no rule about heaps or leaks lives here.
package cli

import (
	"context"
	"io"

	"github.com/charmbracelet/fang"
	"github.com/spf13/cobra"
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
	version := readVersion().Version
	a := &app{in: s.In, out: s.Out, err: s.Err, version: version}
	var failure error
	root := newRoot(a, &failure)
	root.SetArgs(args)
	err := fang.Execute(ctx, root,
		fang.WithVersion(version),
		fang.WithErrorHandler(func(io.Writer, fang.Styles, error) {}), // report prints
	)
	if err == nil {
		err = failure
	}
	return a.report(ctx, err)
}

// newRoot makes the command plumb. What the command that runs returns goes to
// failure: around fang, which would ask the terminal for its colours before it
// gives it to us.
func newRoot(a *app, failure *error) *cobra.Command {
	root := &cobra.Command{
		Use:   "plumb",
		Short: "Find memory leaks in Node.js programs",
		Long: "plumb reads V8 heap snapshots and names what leaks: the variable, the file and the line.\n\n" +
			"Exit codes: 0 nothing found or done, 1 a leak found, 2 wrong usage or failure, 3 not enough evidence.",
		Example: "plumb leaks before.heapsnapshot after.heapsnapshot\n" +
			"plumb heap summary app.heapsnapshot",
	}
	root.SetIn(a.in)
	root.SetOut(a.helpOutput())
	root.SetErr(a.err)
	a.addFlags(root.PersistentFlags())

	root.AddCommand(
		newHuntCommand(a),
		newRunCommand(a),
		newStatusCommand(a),
		newLogsCommand(a),
		newStartupCommand(a),
		newLeaksCommand(a),
		newHeapCommand(a),
		newProfileCommand(a),
		newLoadCommand(a),
		newAttachCommand(a),
		newFindingsCommand(a),
		newExporterCommand(a),
		newPsCommand(a),
		newSnapshotCommand(a),
		newMemoryCommand(a),
		newGCCommand(a),
		newVersionCommand(a),
	)
	root.AddCommand(newControlCommands(a)...)
	root.SetHelpCommand(newHelpCommand(root))
	adopt(a, root, failure)
	return root
}

// adopt gives cmd and everything below it the same handling of arguments,
// unknown commands, flags and errors.
func adopt(a *app, cmd *cobra.Command, failure *error) {
	for _, sub := range cmd.Commands() {
		adopt(a, sub, failure)
	}
	cmd.DisableFlagsInUseLine = true
	cmd.SetFlagErrorFunc(flagError)
	if !cmd.Runnable() {
		cmd.RunE = runGroup
	}
	check, run := cmd.Args, cmd.RunE
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		*failure = a.checkFormat(cmd)
		if *failure == nil && check != nil {
			*failure = check(cmd, args)
		}
		if *failure == nil {
			*failure = run(cmd, args)
		}
		return nil
	}
}
