package nodecmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/program"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/node"
)

type memoryFlags struct {
	program.Flags
	watch bool
	every time.Duration
}

func newMemoryCommand(ui *terminal.UI) *cobra.Command {
	var flags memoryFlags
	cmd := &cobra.Command{
		Use:   "memory " + program.Argument,
		Short: "Show the memory of a running program",
		Long: "Show the five figures of process.memoryUsage():\n\n" +
			"  rss           all memory of the process that is in RAM\n" +
			"  heapTotal     what V8 has reserved for JavaScript objects\n" +
			"  heapUsed      what objects take of it, garbage included\n" +
			"  external      memory outside the heap that objects hold\n" +
			"  arrayBuffers  the part of it in ArrayBuffers and Buffers\n\n" +
			"With --watch, once per --every until Ctrl-C, with the garbage collections of\n" +
			"that time: how many, for how long the program stood still for them, and what\n" +
			"part of the time that is. Minor ones clear young objects, major ones the whole\n" +
			"heap. As JSON, one object per line.",
		Example: "plumb memory 1234\nplumb memory 1234 --watch --every 10s --csv > memory.csv",
		Args:    terminal.Takes(program.Argument),
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.every <= 0 {
				return terminal.UsageError(cmd, "%s: --every %s is not more than 0", cmd.CommandPath(), flags.every)
			}
			err := program.WithThread(cmd.Context(), args[0], &flags.Flags, func(p *node.Process, t *node.Thread) error {
				if flags.watch {
					return watchMemory(cmd.Context(), ui, p, t, flags.every)
				}
				return showMemory(cmd.Context(), ui, p, t)
			})
			if flags.watch && cmd.Context().Err() != nil && errors.Is(err, context.Canceled) {
				return nil // Ctrl-C is how a watch ends, also before its first row
			}
			return err
		},
	}
	flags.Add(cmd)
	cmd.Flags().BoolVarP(&flags.watch, "watch", "w", false, "go on until Ctrl-C")
	cmd.Flags().DurationVar(&flags.every, "every", time.Second, "time between two rows of --watch")
	return cmd
}

// figure is one of the numbers of node.Memory under its own name.
type figure struct {
	name  string
	bytes uint64
}

// cell is the figure in a table, empty when it is not known: every process has
// some memory, a page does not tell.
func (f figure) cell() any {
	if f.name == "rss" && f.bytes == 0 {
		return nil
	}
	return f.bytes
}

// figures are the five of process.memoryUsage(), in its order.
func figures(m node.Memory) []figure {
	return []figure{
		{"rss", m.RSS},
		{"heapTotal", m.HeapTotal},
		{"heapUsed", m.HeapUsed},
		{"external", m.External},
		{"arrayBuffers", m.ArrayBuffers},
	}
}

func showMemory(ctx context.Context, ui *terminal.UI, p *node.Process, t *node.Thread) error {
	m, err := t.Memory(ctx)
	if err != nil {
		return err
	}
	rows := &terminal.Table{
		Columns: []terminal.Column{{Key: "figure", Title: "Figure", Kind: terminal.Words}, {Key: "bytes", Title: "Size", Kind: terminal.Size}},
		Verdict: "The memory of " + program.Name(p) + ":", Empty: "There are no figures.",
	}
	for _, f := range figures(m) {
		rows.Rows = append(rows.Rows, []any{f.name, f.cell()})
	}
	if m.RSS == 0 {
		rows.Footer = noRSS
	}
	if m.HeapLimit > 0 {
		rows.Footer = fmt.Sprintf("\nThe heap may grow to %s (heap_size_limit).", ui.Size(int64(m.HeapLimit)))
	}
	return ui.Print(terminal.Result{
		JSON:  memorySample{PID: p.Info().PID, Time: time.Now().UTC(), Memory: m},
		Table: rows,
	})
}

const noRSS = "\nA page does not tell its rss."

// memorySample is the memory at one time, for --json.
type memorySample struct {
	PID  int       `json:"pid"`
	Time time.Time `json:"time"`
	node.Memory
}
