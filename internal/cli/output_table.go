package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// table is rows of values under columns. One table prints as text (formatted
// values), CSV and JSON (exact values).
type table struct {
	Columns []column
	Rows    [][]any // strings, bools, integers, float64 or nil; one per column
	Empty   string  // why there are no rows: a sentence, always set it
	Footer  string  // a line below the rows, text only
}

// column is one column of a [table].
type column struct {
	Key   string // in JSON and CSV
	Title string // in text; "" leaves the column out there
	Kind  kind
}

// kind says how a column's values look in text. Numbers stand on the right.
type kind int

const (
	words     kind = iota // text, cut with an ellipsis where the line is too long
	number                // plain: ids, positions
	count                 // 12,345
	change                // +12,345
	kilobytes             // as in a column of DevTools: always kB
	size                  // B, kB or MB
	growth                // a signed size
	percent               // of 0 to 100, no decimals
	distance              // DevTools shows − for unreachable and system objects
)

// longestCell is the number of columns a cell has when the line has no limit.
const longestCell = 120

// writeTable writes t for people.
func (a *app) writeTable(w io.Writer, t *table) error {
	if len(t.Rows) == 0 {
		_, err := fmt.Fprintln(w, t.Empty)
		return err
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
			line = append(line, t.Columns[i].Kind.format(row[i], a.bytes))
		}
		lines = append(lines, line)
	}
	widths := a.fit(t, shown, lines)
	bold := lipgloss.NewStyle().Bold(true)
	for n, line := range lines {
		s := joinCells(t, shown, line, widths)
		if n == 0 {
			s = a.paint(bold, s)
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
func (a *app) fit(t *table, shown []int, lines [][]string) []int {
	const gap, narrowest = 2, 12
	widths := make([]int, len(shown))
	total := gap * (len(shown) - 1)
	for c := range shown {
		for _, line := range lines {
			widths[c] = max(widths[c], min(ansi.StringWidth(line[c]), longestCell))
		}
		total += widths[c]
	}
	limit := a.width()
	for limit > 0 && total > limit {
		widest := -1
		for c, i := range shown {
			if t.Columns[i].Kind == words && widths[c] > narrowest && (widest < 0 || widths[c] > widths[widest]) {
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

func joinCells(t *table, shown []int, cells []string, widths []int) string {
	var b strings.Builder
	for c, i := range shown {
		if c > 0 {
			b.WriteString("  ")
		}
		cell := ansi.Truncate(cells[c], widths[c], "…")
		pad := strings.Repeat(" ", max(0, widths[c]-ansi.StringWidth(cell)))
		if t.Columns[i].Kind == words {
			b.WriteString(cell + pad)
		} else {
			b.WriteString(pad + cell)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// format writes v for people; exact sizes with --bytes.
func (k kind) format(v any, exact bool) string {
	n, whole := integer(v)
	if !whole {
		if f, ok := v.(float64); ok && k == percent {
			return strconv.FormatFloat(math.Floor(f+0.5), 'f', 0, 64) + " %" // JavaScript's toFixed(0)
		}
		return printable(plain(v))
	}
	if exact && (k == kilobytes || k == size) {
		k = count
	}
	if exact && k == growth {
		k = change
	}
	switch k {
	case count:
		return thousands(n)
	case change:
		return signed(n, thousands)
	case kilobytes:
		return formatKilobytes(n)
	case size:
		return formatSize(n)
	case growth:
		return signed(n, formatSize)
	case distance:
		if n < 0 || n >= heap.SystemDistance {
			return minus
		}
	}
	return plain(v)
}

// plain writes v exactly.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return wtf8.Clean(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// integer reads v as a whole number.
func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int32:
		return int64(v), true
	case int64:
		return v, true
	case uint32:
		return int64(v), true
	case uint64:
		return int64(v), true
	case heap.Node:
		return int64(v), true
	default:
		return 0, false
	}
}

// writeCSV writes a header line of keys and the exact values.
func (t *table) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Key
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for i, v := range row {
			record[i] = plain(v)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// writeJSON writes {"rows":[{...},...]} with the keys in the columns' order,
// and for no rows a "note" that says why.
func (t *table) writeJSON(w io.Writer) error {
	if len(t.Rows) == 0 {
		return writeJSON(w, struct {
			Rows []int  `json:"rows"`
			Note string `json:"note,omitempty"`
		}{[]int{}, t.Empty})
	}
	return writeJSON(w, struct {
		Rows []jsonRow `json:"rows"`
	}{t.jsonRows()})
}

// jsonRows is for commands whose JSON has a table inside a larger struct.
func (t *table) jsonRows() []jsonRow {
	rows := make([]jsonRow, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = jsonRow{t.Columns, row}
	}
	return rows
}

// jsonRow is a row as an object.
type jsonRow struct {
	columns []column
	values  []any
}

// MarshalJSON implements json.Marshaler.
func (r jsonRow) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i, c := range r.columns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(c.Key) + ":")
		v := r.values[i]
		if s, ok := v.(string); ok {
			v = wtf8.Clean(s)
		}
		if err := enc.Encode(v); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
