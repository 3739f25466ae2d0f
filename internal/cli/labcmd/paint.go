package labcmd

import (
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lab"
	"github.com/plumb-dev/plumb/internal/lab/simulate"
)

// painter draws steps as text: three panes beside each other where the width
// allows, else below each other.
type painter struct {
	ui    *terminal.UI
	w     io.Writer
	v8    bool
	width int
	lines int // height of the panes; 0 for as many as there are
	// colours are those of a collector that is shown, by object.
	colours map[int]simulate.Colour
}

var signs = map[simulate.Colour]string{simulate.White: "○ ", simulate.Grey: "◐ ", simulate.Black: "● ", simulate.Swept: "✗ "}

var (
	title = ansi.Style{}.Bold()
	faint = ansi.Style{}.Faint()
	now   = ansi.Style{}.Bold().ForegroundColor(ansi.Cyan)
	dead  = ansi.Style{}.ForegroundColor(ansi.Red)
)

func (p painter) paint(style ansi.Style, s string) string { return p.ui.PaintFor(p.w, style, s) }

// verdict is one sentence about the whole trace.
func (p painter) verdict(t *lab.Trace) string {
	died := 0
	for _, s := range t.Steps {
		died += len(s.Died)
	}
	text := fmt.Sprintf("%s ran on Node.js %s: %d steps, %d objects freed by V8's collector meanwhile", terminal.Printable(t.Program), strings.TrimPrefix(t.Node, "v"), len(t.Steps), died)
	if t.Workers > 0 {
		text += "; not shown: " + terminal.Plural(int64(t.Workers), "worker thread")
	}
	switch t.End.Reason {
	case lab.Finished:
		return text + "."
	case lab.Failed:
		text += fmt.Sprintf("; it failed with exit code %d", t.End.Exit)
		if t.End.Detail == "" {
			return text + "."
		}
		return text + ": " + terminal.Printable(t.End.Detail)
	}
	return text + fmt.Sprintf("; the recording ended at the %s (--max-steps, --max-time), the program was stopped.", t.End.Reason)
}

// step draws step n, from 1.
func (p painter) step(t *lab.Trace, n int) string {
	s := &t.Steps[n-1]
	mode := "textbook"
	if p.v8 {
		mode = "V8"
	}
	head := fmt.Sprintf("step %d of %d  before %s  (%s)", n, len(t.Steps), place(t, s), mode)
	if s.Checkpoint {
		head += "  heap " + p.ui.Size(int64(s.HeapUsed))
	}
	panes := []string{p.code(t, s), p.stack(s), p.objects(s)}
	names := []string{"code", "stack", "heap"}
	var out strings.Builder
	out.WriteString(p.paint(title, head) + "\n")
	if p.width == 0 || p.width < 100 {
		for i, pane := range panes {
			out.WriteString(p.paint(faint, names[i]) + "\n" + indent(p.cut(pane, max(p.width-2, 0)), "  ") + "\n")
		}
	} else {
		wide := []int{p.width * 30 / 100, p.width * 30 / 100, p.width * 40 / 100}
		boxes := make([]string, len(panes))
		for i, pane := range panes {
			boxes[i] = lipgloss.NewStyle().Width(wide[i]).Render(p.paint(faint, names[i]) + "\n" + p.cut(pane, wide[i]-2))
		}
		out.WriteString(lipgloss.JoinHorizontal(lipgloss.Top, boxes...) + "\n")
	}
	if s.Output != "" {
		out.WriteString(p.paint(faint, "printed") + "\n" + indent(p.cut(terminalLines(s.Output), p.width-2), "  ") + "\n")
	}
	for _, c := range s.Collections {
		out.WriteString(p.wrap(fmt.Sprintf("V8 collected meanwhile: a %s (young generation %s to %s, old %s to %s)", collected(p.ui, &c),
			p.ui.Size(int64(c.Young.Before)), p.ui.Size(int64(c.Young.After)), p.ui.Size(int64(c.Old.Before)), p.ui.Size(int64(c.Old.After)))) + "\n")
	}
	if text := s.Difference(); text != "" {
		out.WriteString(p.wrap("Textbook and V8: "+text) + "\n")
	}
	return strings.TrimRight(out.String(), "\n")
}

func (p painter) wrap(text string) string {
	if p.width == 0 {
		return text
	}
	return ansi.Wordwrap(text, p.width, "")
}

// cut shortens lines to a width, and the pane to its height.
func (p painter) cut(pane string, width int) string {
	lines := strings.Split(strings.TrimRight(pane, "\n"), "\n")
	if p.lines > 0 && len(lines) > p.lines {
		lines = append(lines[:p.lines-1], fmt.Sprintf("… %d more lines", len(lines)-p.lines+1))
	}
	for i := range lines {
		if width > 0 {
			lines[i] = ansi.Truncate(lines[i], width, "…")
		}
	}
	return strings.Join(lines, "\n")
}

// code is the lines around the one that runs next.
func (p painter) code(t *lab.Trace, s *lab.Step) string {
	const around = 6
	lines := strings.Split(t.Files[s.File].Source, "\n")
	var out strings.Builder
	for n := max(s.Line-around, 1); n <= min(s.Line+around, len(lines)); n++ {
		text := fmt.Sprintf("%4d %s", n, terminal.Printable(strings.ReplaceAll(strings.TrimRight(lines[n-1], "\r"), "\t", "  ")))
		if n == s.Line {
			out.WriteString(p.paint(now, "▸"+text) + "\n")
		} else {
			out.WriteString(" " + text + "\n")
		}
	}
	return out.String()
}

func (p painter) stack(s *lab.Step) string {
	var out strings.Builder
	for _, f := range s.Frames {
		out.WriteString(p.paint(title, terminal.Printable(f.Function)) + "\n")
		for _, v := range f.Variables {
			text := fmt.Sprintf("  %s = %s", terminal.Printable(v.Name), valueText(v.Value))
			if p.v8 {
				where := v.InV8()
				if v.Value.Size > 0 {
					where += ", " + p.ui.Size(int64(v.Value.Size))
				}
				text += p.paint(faint, "  "+where)
			}
			out.WriteString(text + "\n")
		}
		if len(f.Variables) == 0 {
			out.WriteString("  (no variables)\n")
		}
	}
	return out.String()
}

func (p painter) objects(s *lab.Step) string {
	var out strings.Builder
	for _, o := range s.Objects {
		head := signs[p.colours[o.ID]] + fmt.Sprintf("@%d %s", o.ID, terminal.Printable(o.Class))
		if o.Name != "" {
			head += " " + terminal.Printable(o.Name)
		}
		if h := o.Heap; h != nil {
			head += "  " + p.size(h)
		}
		if o.OutOfSight {
			head = p.paint(faint, head+"  no variable leads to it")
		}
		out.WriteString(head + "\n")
		if o.Heap != nil && o.OutOfSight {
			out.WriteString(p.paint(faint, "  held by: "+terminal.Printable(strings.Join(o.Heap.Held, ", "))) + "\n")
		}
		for _, prop := range o.Props {
			name := prop.Name
			if prop.Captured {
				name += " (captured)"
			}
			text := fmt.Sprintf("  %s: %s", terminal.Printable(name), valueText(prop.Value))
			if o.OutOfSight {
				text = p.paint(faint, text)
			}
			out.WriteString(text + "\n")
		}
		if o.More > 0 {
			fmt.Fprintf(&out, "  … %d more properties\n", o.More)
		}
	}
	if s.Left > 0 {
		fmt.Fprintf(&out, "… %d more references to objects that are not listed\n", s.Left)
	}
	for _, d := range s.Died {
		text := fmt.Sprintf("✗ @%d %s freed", d.Object, terminal.Printable(d.Class))
		if d.Shallow > 0 {
			text += ", " + p.ui.Size(int64(d.Shallow))
		}
		if len(d.Held) > 0 {
			text += "; had been held by " + terminal.Printable(strings.Join(d.Held, ", "))
		}
		out.WriteString(p.paint(dead, text) + "\n")
	}
	if out.Len() == 0 {
		return "(no objects of the program)"
	}
	return out.String()
}

// size is shallow and retained size, and the distance, which V8 counts from the
// global object; what only the stack or V8 itself holds has none.
func (p painter) size(h *lab.Heap) string {
	text := fmt.Sprintf("%s, retains %s", p.ui.Size(int64(h.Shallow)), p.ui.Size(int64(h.Retained)))
	if p.v8 && h.Bookkeeping > 0 {
		text += fmt.Sprintf(" (%s of it V8's bookkeeping)", p.ui.Size(int64(h.Bookkeeping)))
	}
	switch {
	case h.Distance >= heap.SystemDistance && p.v8:
		return text + ", no way from the global object"
	case h.Distance >= heap.SystemDistance:
		return text
	case h.Distance >= 0:
		return text + fmt.Sprintf(", distance %d", h.Distance)
	}
	return text
}

func valueText(v lab.Value) string {
	if v.Ref != 0 {
		return fmt.Sprintf("→ @%d", v.Ref)
	}
	return terminal.Printable(v.Text)
}
