package labcmd

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lab"
)

// viewFlags say what of a trace is shown.
type viewFlags struct {
	step    int
	v8      bool
	watch   string
	object  int
	collect bool
	cut     string
}

func (f *viewFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.IntVar(&f.step, "step", 0, "show this step only")
	flags.BoolVar(&f.v8, "v8", false, "show where V8 keeps values, in place of the textbook's picture")
	flags.StringVar(&f.watch, "watch", "", "show the values of this variable over the steps")
	flags.IntVar(&f.object, "object", 0, "show the life of this object over the steps")
	flags.BoolVar(&f.collect, "collect", false, "simulate mark and sweep and reference counting at --step")
	flags.StringVar(&f.cut, "cut", "", "simulate that this reference is gone at --step: a variable, or @ID.property")
}

func (f *viewFlags) show(cmd *cobra.Command, ui *terminal.UI, t *lab.Trace) error {
	if f.step < 0 || f.step > len(t.Steps) {
		return terminal.WithHint(fmt.Errorf("there is no step %d", f.step), "the trace has steps 1 to %d", len(t.Steps))
	}
	switch {
	case f.cut != "" || f.collect:
		if f.step == 0 {
			return terminal.UsageError(cmd, "--collect and --cut need the step at which they happen: --step N")
		}
		return showSimulation(ui, t, f.step, f.cut)
	case f.watch != "":
		return watch(ui, t, f.watch)
	case f.object != 0:
		return life(ui, t, f.object)
	case ui.JSON:
		return ui.Print(terminal.Result{JSON: t})
	case ui.CSV:
		return terminal.UsageError(cmd, "a trace is no table: use --json")
	case f.step == 0 && interactive(ui) && len(t.Steps) > 0:
		return play(cmd.Context(), ui, t, f.v8)
	}
	return ui.Print(terminal.Result{Text: func(w io.Writer) error {
		first, last := 1, len(t.Steps)
		if f.step > 0 {
			first, last = f.step, f.step
		}
		p := painter{ui: ui, w: w, v8: f.v8, width: ui.Width()}
		fmt.Fprintln(w, p.verdict(t))
		for n := first; n <= last; n++ {
			fmt.Fprintf(w, "\n%s\n", p.step(t, n))
		}
		if f.step == 0 && t.End.Output != "" {
			fmt.Fprintf(w, "\nprinted at the end:\n%s\n", indent(terminalLines(t.End.Output), "  "))
		}
		return nil
	}})
}

// interactive tells whether keys can be pressed and the screen can be drawn on.
func interactive(ui *terminal.UI) bool {
	in, ok1 := ui.In.(*os.File)
	out, ok2 := ui.Out.(*os.File)
	return ok1 && ok2 && term.IsTerminal(in.Fd()) && term.IsTerminal(out.Fd())
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+by)
}

// terminalLines makes text that a program printed safe, line by line.
func terminalLines(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = terminal.Printable(line)
	}
	return strings.Join(lines, "\n")
}

// watch prints when a variable changes.
func watch(ui *terminal.UI, t *lab.Trace, name string) error {
	table := &terminal.Table{
		Columns: []terminal.Column{{Key: "step", Title: "Step", Kind: terminal.Number}, {Key: "line", Title: "Before line", Kind: terminal.Words}, {Key: "frame", Title: "Frame", Kind: terminal.Words}, {Key: "value", Title: "Value", Kind: terminal.Words}},
		Empty:   fmt.Sprintf("No frame has a variable %s in any of the %d steps.", terminal.Printable(name), len(t.Steps)),
	}
	for _, c := range t.Watch(name) {
		table.Rows = append(table.Rows, []any{c.Step, place(t, &t.Steps[c.Step-1]), c.Frame, valueText(c.Value)})
	}
	return ui.PrintTable(table)
}

// life prints the life of an object: allocation, use, release.
func life(ui *terminal.UI, t *lab.Trace, id int) error {
	table := &terminal.Table{
		Columns: []terminal.Column{{Key: "step", Title: "Step", Kind: terminal.Number}, {Key: "line", Title: "Before line", Kind: terminal.Words}, {Key: "state", Title: "State", Kind: terminal.Words}, {Key: "held", Title: "Led to by", Kind: terminal.Words}},
	}
	for _, m := range t.Life(id) {
		table.Rows = append(table.Rows, []any{m.Step, place(t, &t.Steps[m.Step-1]), string(m.State), strings.Join(m.Held, ", ")})
	}
	if len(table.Rows) == 0 {
		return terminal.WithHint(fmt.Errorf("there is no object @%d in the trace", id), "objects are numbered in the order in which they came into sight; plumb lab replay shows them as @1, @2")
	}
	return ui.PrintTable(table)
}

func place(t *lab.Trace, s *lab.Step) string {
	return fmt.Sprintf("%s:%d", t.Files[s.File].Name, s.Line)
}
