package labcmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lab"
	"github.com/plumb-dev/plumb/internal/lab/record"
)

func newLabCommand(ui *terminal.UI) *cobra.Command {
	var view viewFlags
	var run recordFlags
	var show showFlags
	cmd := &cobra.Command{
		Use:   "lab [PROGRAM.js] [ARGS...]",
		Short: "See stack, heap, references and garbage collection, line by line",
		Long: "Run a program line by line and show its memory before each line: the stack, the\n" +
			"objects on V8's heap, their sizes, and which ones the collector freed. Without a\n" +
			"program, list the exhibits: small programs that leak, and their fixes.\n\n" +
			"Recording a program runs it, with all that it does, until it ends or a limit is\n" +
			"reached. On a terminal the recording can be stepped through in both directions;\n" +
			"with --open in the browser, where the exhibits are, too.",
		Example: "  plumb lab --open\n  plumb lab app.js\n  plumb lab app.js --save trace.json\n  plumb lab replay trace.json --step 4 --v8\n  plumb lab stages\n  plumb lab exhibit closure --run",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && show.open {
				return show.lab(cmd.Context(), ui, run.node, nil)
			}
			if len(args) == 0 {
				return listExhibits(ui)
			}
			t, err := run.record(cmd.Context(), ui, args)
			if err != nil {
				return err
			}
			if show.open {
				return show.lab(cmd.Context(), ui, run.node, t)
			}
			return view.show(cmd, ui, t)
		},
	}
	cmd.Flags().SetInterspersed(true)
	run.add(cmd)
	view.add(cmd)
	show.add(cmd)
	return cmd
}

// recordFlags are the limits of a recording and what becomes of it.
type recordFlags struct {
	node   string
	steps  int
	time   time.Duration
	memory int
	sizes  string
	save   string
}

func (f *recordFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.node, "node", "node", "the Node.js that runs the program")
	flags.IntVar(&f.steps, "max-steps", 1000, "stop after so many steps")
	flags.DurationVar(&f.time, "max-time", 60*time.Second, "stop after so long")
	flags.IntVar(&f.memory, "max-memory", 512, "limit of the program's heap in MB")
	flags.StringVar(&f.sizes, "sizes", "some", "at which steps sizes are measured, with a heap snapshot: all, some (the first 40 and then each 20th), none")
	flags.StringVar(&f.save, "save", "", "write the trace to this file, for plumb lab replay")
}

func (f *recordFlags) record(ctx context.Context, ui *terminal.UI, args []string) (*lab.Trace, error) {
	opts := record.Options{Node: f.node, Args: args[1:], Steps: f.steps, Time: f.time, Memory: f.memory}
	switch f.sizes {
	case "all":
		opts.Checkpoint = func(int) bool { return true }
	case "some":
		opts.Checkpoint = record.FewCheckpoints
	case "none":
	default:
		return nil, terminal.WithHint(fmt.Errorf("--sizes is %q", f.sizes), "it is all, some or none")
	}
	if f.steps < 1 || f.time <= 0 {
		return nil, terminal.WithHint(errors.New("a recording needs at least one step and some time"), "see --max-steps and --max-time")
	}
	if !ui.Quiet {
		ui.Note("running %s, line by line", args[0])
	}
	t, err := record.Record(ctx, args[0], opts)
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, terminal.WithHint(err, "install Node.js, or name it with --node")
	case errors.Is(err, os.ErrNotExist):
		return nil, terminal.WithHint(err, "check the path of the program; plumb lab without one lists the exhibits")
	case err != nil:
		return nil, terminal.WithHint(err, "does the program run by itself? The lab needs Node.js 20 or later")
	}
	if f.save != "" {
		if err := terminal.WriteWhole(f.save, func(file *os.File) error { return lab.Write(file, t) }); err != nil {
			return nil, err
		}
		ui.Note("wrote %s", f.save)
	}
	return t, nil
}

func newReplayCommand(ui *terminal.UI) *cobra.Command {
	var view viewFlags
	var show showFlags
	cmd := &cobra.Command{
		Use:   "replay TRACE.json",
		Short: "Step through a recorded run, forwards and backwards",
		Long: "Show a trace that plumb lab --save wrote. Nothing is run. What --cut and --collect\n" +
			"show is a simulation on the recorded graph, and says so.",
		Example: "  plumb lab replay trace.json\n  plumb lab replay trace.json --step 4 --v8\n  plumb lab replay trace.json --step 4 --cut user",
		Args:    terminal.Takes("TRACE.json"),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer file.Close()
			t, err := lab.Read(file)
			if err != nil {
				return terminal.WithHint(fmt.Errorf("%s: %w", args[0], err), "traces are written by plumb lab PROGRAM.js --save %s", args[0])
			}
			if show.open {
				return show.lab(cmd.Context(), ui, "node", t)
			}
			return view.show(cmd, ui, t)
		},
	}
	view.add(cmd)
	show.add(cmd)
	return cmd
}
