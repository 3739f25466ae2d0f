package terminal

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"

	"github.com/plumb-dev/plumb/heap/wtf8"
)

// writeCSV writes a header line of keys and the exact values.
func (t *Table) writeCSV(w io.Writer) error {
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
			record[i] = Plain(v)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteJSON writes {"rows":[{...},...]} with the keys in the columns' order,
// and for no rows a "note" that says why.
func (t *Table) WriteJSON(w io.Writer) error {
	if len(t.Rows) == 0 {
		return WriteJSON(w, struct {
			Rows []int  `json:"rows"`
			Note string `json:"note,omitempty"`
		}{[]int{}, t.Empty})
	}
	return WriteJSON(w, struct {
		Rows []JSONRow `json:"rows"`
	}{t.JSONRows()})
}

// JSONRows is for commands whose JSON has a table inside a larger struct.
func (t *Table) JSONRows() []JSONRow {
	rows := make([]JSONRow, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = JSONRow{t.Columns, row}
	}
	return rows
}

// JSONRow is a row as an object.
type JSONRow struct {
	columns []Column
	values  []any
}

// MarshalJSON implements json.Marshaler.
func (r JSONRow) MarshalJSON() ([]byte, error) {
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
