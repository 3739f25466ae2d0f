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

// app is what the commands of one run share.
type app struct {
	in  io.Reader
	out io.Writer // results
	err io.Writer // progress, notes, errors

	json, csv, bytes, noColor, quiet bool // persistent flags
	noIndex                          bool // see addIndexFlag

	stdinTaken bool  // an argument "-" was read already
	failure    error // what the command returned
}

// Main runs plumb with args (without the program's name) and returns the exit
// code.
func Main(ctx context.Context, args []string, s Streams) int {
	a := &app{in: s.In, out: s.Out, err: s.Err}
	root := newRoot(a)
	root.SetArgs(args)
	err := fang.Execute(ctx, root,
		fang.WithVersion(readVersion().Version),
		fang.WithErrorHandler(func(io.Writer, fang.Styles, error) {}), // report prints
	)
	if err == nil {
		err = a.failure
	}
	return a.report(ctx, err)
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "plumb",
		Short: "Find memory leaks in Node.js programs",
		Long: "plumb reads V8 heap snapshots and names what leaks: the variable, the file and the line.\n\n" +
			"Exit codes: 0 nothing found or done, 1 a leak found, 2 wrong usage or failure, 3 not enough evidence.",
		Example: "plumb leaks before.heapsnapshot after.heapsnapshot\n" +
			"plumb heap summary app.heapsnapshot",
	}
	root.SetIn(a.in)
	root.SetOut(terminalOf(a, a.out))
	root.SetErr(a.err)
	flags := root.PersistentFlags()
	flags.BoolVar(&a.json, "json", false, "print the result as JSON")
	flags.BoolVar(&a.csv, "csv", false, "print the result's rows as CSV")
	flags.BoolVar(&a.bytes, "bytes", false, "print sizes as exact numbers of bytes")
	flags.BoolVar(&a.noColor, "no-color", false, "print without colour (so does NO_COLOR=1)")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print no progress and no notes")

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
	a.adopt(root)
	return root
}

// adopt gives cmd and everything below it the frame's handling of arguments,
// unknown commands, flags and errors.
func (a *app) adopt(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		a.adopt(sub)
	}
	cmd.DisableFlagsInUseLine = true
	cmd.SetFlagErrorFunc(flagError)
	if !cmd.Runnable() {
		cmd.RunE = runGroup
	}
	check, run := cmd.Args, cmd.RunE
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		// The error goes around fang, which would ask the terminal for its
		// colours before it gives it to us.
		a.failure = a.checkFormat(cmd)
		if a.failure == nil && check != nil {
			a.failure = check(cmd, args)
		}
		if a.failure == nil {
			a.failure = run(cmd, args)
		}
		return nil
	}
}
