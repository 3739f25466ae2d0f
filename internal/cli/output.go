package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap/wtf8"
)

// result is what a command has to show. Text is for people; Table, when Text
// is nil, too. JSON is the value for --json; without it the rows of Table are.
// CSV is always Table's.
type result struct {
	Text  func(io.Writer) error
	JSON  any
	Table *table
}

// noCSV are the annotations of a command whose result has no rows.
var noCSV = map[string]string{"csv": "none"}

// checkFormat refuses a form of output before any work is done.
func (a *app) checkFormat(cmd *cobra.Command) error {
	switch {
	case a.json && a.csv:
		return usageError(cmd, "%s: --json and --csv exclude each other", cmd.CommandPath())
	case a.csv && cmd.Annotations["csv"] == noCSV["csv"]:
		return withHint(fmt.Errorf("%s: the result has no rows for --csv", cmd.CommandPath()), "use --json")
	default:
		return nil
	}
}

// print shows r on the standard output in the form that the flags ask for.
func (a *app) print(r result) error {
	w := bufio.NewWriter(a.out)
	var err error
	switch {
	case a.json && r.JSON != nil:
		err = writeJSON(w, r.JSON)
	case a.json:
		err = r.Table.writeJSON(w)
	case a.csv:
		err = r.Table.writeCSV(w)
	case r.Text != nil:
		err = r.Text(w)
	default:
		err = a.writeTable(w, r.Table)
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return withHint(fmt.Errorf("write result: %w", err), "what was written is incomplete; free the disk or write elsewhere")
	}
	return nil
}

// printTable is print for a result that is a table in all three forms.
func (a *app) printTable(t *table) error { return a.print(result{Table: t}) }

// note prints a remark that is no part of the result on the standard error.
func (a *app) note(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintln(a.err, "note:", printable(fmt.Sprintf(format, args...)))
	}
}

// size formats a number of bytes, or a change of it, for a sentence.
func (a *app) size(n int64) string {
	if a.bytes {
		return thousands(n) + " B"
	}
	return formatSize(n)
}

// paint styles s when the standard output has colour.
func (a *app) paint(style lipgloss.Style, s string) string { return paintFor(a, a.out, style, s) }

func paintFor(a *app, w io.Writer, style lipgloss.Style, s string) string {
	if a.noColor || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" || !isTerminal(w) {
		return s
	}
	return style.Render(s)
}

// width is the number of columns to fill: the terminal's, or COLUMNS, or 0
// when there is no limit.
func (a *app) width() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if f, ok := a.out.(term.File); ok && term.IsTerminal(f.Fd()) {
		if n, _, err := term.GetSize(f.Fd()); err == nil {
			return n
		}
	}
	return 0
}

func isTerminal(w any) bool {
	f, ok := w.(term.File)
	return ok && term.IsTerminal(f.Fd())
}

// text is a snapshot's text in a JSON struct: lone surrogates, which JSON in
// UTF-8 cannot hold, become U+FFFD.
type text string

// MarshalText implements encoding.TextMarshaler.
func (t text) MarshalText() ([]byte, error) { return []byte(wtf8.Clean(string(t))), nil }

// writeJSON writes v as one line, without HTML escapes.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// helpOutput is where help goes. Fang styles it when it is a terminal; with
// --no-color it must not look like one.
func (a *app) helpOutput() io.Writer {
	if f, ok := a.out.(*os.File); ok {
		return helpFile{f, a}
	}
	return a.out
}

type helpFile struct {
	*os.File
	a *app
}

// Fd hides the terminal when colour is unwanted.
func (f helpFile) Fd() uintptr {
	if f.a.noColor {
		return ^uintptr(0)
	}
	return f.File.Fd()
}
