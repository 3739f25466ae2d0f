package terminal

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Table is rows of values under columns. One table prints as text (formatted
// values), CSV and JSON (exact values).
type Table struct {
	Columns []Column
	Rows    [][]any // strings, bools, integers, float64 or nil; one per column
	Empty   string  // why there are no rows: a sentence, always set it
	Verdict string  // a sentence above the rows that they bear out, text only
	Footer  string  // a line below the rows, text only
}

// Column is one column of a [Table].
type Column struct {
	Key   string // in JSON and CSV
	Title string // in text; "" leaves the column out there
	Kind  Kind
}

// LongestCell is the number of columns a cell has when the line has no limit.
const LongestCell = 120

// WriteTable writes t for people.
func (ui *UI) WriteTable(w io.Writer, t *Table) error {
	if len(t.Rows) == 0 {
		_, err := fmt.Fprintln(w, t.Empty)
		return err
	}
	if t.Verdict != "" {
		if _, err := fmt.Fprintf(w, "%s\n\n", t.Verdict); err != nil {
			return err
		}
	}
	var shown []int
	for i, c := range t.Columns {
		if c.Title != "" {
			shown = append(shown, i)
		}
	}
	lines := make([][]string, 0, len(t.Rows)+1)
	header := make([]string, 0, len(shown))
	for _, i := range shown {
		header = append(header, t.Columns[i].Title)
	}
	lines = append(lines, header)
	for _, row := range t.Rows {
		line := make([]string, 0, len(shown))
		for _, i := range shown {
			line = append(line, t.Columns[i].Kind.Format(row[i], ui.Bytes))
		}
		lines = append(lines, line)
	}
	widths := ui.fit(t, shown, lines)
	bold := ansi.Style{}.Bold()
	for n, line := range lines {
		s := joinCells(t, shown, line, widths)
		if n == 0 {
			s = ui.paint(bold, s)
		}
		if _, err := fmt.Fprintln(w, s); err != nil {
			return err
		}
	}
	if t.Footer != "" {
		_, err := fmt.Fprintln(w, t.Footer)
		return err
	}
	return nil
}

// fit finds the width of each column: the widest cell, less where columns of
// words must give way so that a line fits.
func (ui *UI) fit(t *Table, shown []int, lines [][]string) []int {
	const gap, narrowest = 2, 12
	widths := make([]int, len(shown))
	total := gap * (len(shown) - 1)
	for c := range shown {
		for _, line := range lines {
			widths[c] = max(widths[c], min(ansi.StringWidth(line[c]), LongestCell))
		}
		total += widths[c]
	}
	limit := ui.Width()
	for limit > 0 && total > limit {
		widest := -1
		for c, i := range shown {
			if t.Columns[i].Kind == Words && widths[c] > narrowest && (widest < 0 || widths[c] > widths[widest]) {
				widest = c
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		total--
	}
	return widths
}

func joinCells(t *Table, shown []int, cells []string, widths []int) string {
	var b strings.Builder
	for c, i := range shown {
		if c > 0 {
			b.WriteString("  ")
		}
		cell := ansi.Truncate(cells[c], widths[c], "…")
		pad := strings.Repeat(" ", max(0, widths[c]-ansi.StringWidth(cell)))
		if t.Columns[i].Kind == Words {
			b.WriteString(cell + pad)
		} else {
			b.WriteString(pad + cell)
		}
	}
	return strings.TrimRight(b.String(), " ")
}
