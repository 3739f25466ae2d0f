package terminal

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap/wtf8"
)

// Result is what a command has to show. Text is for people; Table, when Text
// is nil, too. JSON is the value for --json; without it the rows of Table are.
// CSV is always Table's.
type Result struct {
	Text  func(io.Writer) error
	JSON  any
	Table *Table
}

// NoCSV are the annotations of a command whose result has no rows.
var NoCSV = map[string]string{"csv": "none"}

// CheckFormat refuses a form of output before any work is done.
func (ui *UI) CheckFormat(cmd *cobra.Command) error {
	switch {
	case ui.JSON && ui.CSV:
		return UsageError(cmd, "%s: --json and --csv exclude each other", cmd.CommandPath())
	case ui.CSV && cmd.Annotations["csv"] == NoCSV["csv"]:
		return WithHint(fmt.Errorf("%s: the result has no rows for --csv", cmd.CommandPath()), "use --json")
	default:
		return nil
	}
}

// Print shows r on the standard output in the form that the flags ask for.
func (ui *UI) Print(r Result) error {
	w := bufio.NewWriter(ui.Out)
	var err error
	switch {
	case ui.JSON && r.JSON != nil:
		err = WriteJSON(w, r.JSON)
	case ui.JSON:
		err = r.Table.WriteJSON(w)
	case ui.CSV:
		err = r.Table.writeCSV(w)
	case r.Text != nil:
		err = r.Text(w)
	default:
		err = ui.WriteTable(w, r.Table)
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return WithHint(fmt.Errorf("write result: %w", err), "what was written is incomplete; free the disk or write elsewhere")
	}
	return nil
}

// PrintTable is Print for a result that is a table in all three forms.
func (ui *UI) PrintTable(t *Table) error { return ui.Print(Result{Table: t}) }

// Note prints a remark that is no part of the result on the standard error.
func (ui *UI) Note(format string, args ...any) {
	if !ui.Quiet {
		fmt.Fprintln(ui.Err, "note:", Printable(fmt.Sprintf(format, args...)))
	}
}

// Size formats a number of bytes, or a change of it, for a sentence.
func (ui *UI) Size(n int64) string {
	if ui.Bytes {
		return Thousands(n) + " B"
	}
	return formatSize(n)
}

// paint styles s when the standard output has colour.
func (ui *UI) paint(style ansi.Style, s string) string { return ui.PaintFor(ui.Out, style, s) }

// PaintFor styles s when w has colour.
func (ui *UI) PaintFor(w io.Writer, style ansi.Style, s string) string {
	if ui.noColor || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" || !IsTerminal(w) {
		return s
	}
	return style.Styled(s)
}

// Width is the number of columns to fill: the terminal's, or COLUMNS, or 0
// when there is no limit.
func (ui *UI) Width() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if f, ok := ui.Out.(term.File); ok && term.IsTerminal(f.Fd()) {
		if n, _, err := term.GetSize(f.Fd()); err == nil {
			return n
		}
	}
	return 0
}

// IsTerminal says whether a stream is a terminal.
func IsTerminal(w any) bool {
	f, ok := w.(term.File)
	return ok && term.IsTerminal(f.Fd())
}

// Text is a snapshot's text in a JSON struct: lone surrogates, which JSON in
// UTF-8 cannot hold, become U+FFFD.
type Text string

// MarshalText implements encoding.TextMarshaler.
func (t Text) MarshalText() ([]byte, error) { return []byte(wtf8.Clean(string(t))), nil }

// WriteJSON writes v as one line, without HTML escapes.
func WriteJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// HelpOutput is where help goes. Fang styles it when it is a terminal; with
// --no-color it must not look like one.
func (ui *UI) HelpOutput() io.Writer {
	if f, ok := ui.Out.(*os.File); ok {
		return helpFile{f, ui}
	}
	return ui.Out
}

type helpFile struct {
	*os.File
	ui *UI
}

// Fd hides the terminal when colour is unwanted.
func (f helpFile) Fd() uintptr {
	if f.ui.noColor {
		return ^uintptr(0)
	}
	return f.File.Fd()
}
