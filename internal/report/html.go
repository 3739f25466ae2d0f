package report

import (
	_ "embed"
	"html/template"
	"io"
)

//go:embed page.html
var page string

// html writes one page that needs nothing else: no script, no font, no network.
func (r *Report) html(w io.Writer) error {
	t, err := template.New("page").Parse(page)
	if err != nil {
		return err
	}
	d := r.build()
	var blocks []map[string]any
	for _, b := range d.blocks {
		m := map[string]any{"Heading": b.heading, "Level": b.level, "Lines": b.lines, "Pairs": b.pairs, "Code": b.code, "Sides": b.sides()}
		if b.table != nil {
			m["Head"], m["Rows"] = b.table.head, b.table.rows
		}
		if b.path != nil {
			m["Path"] = pathRows(b.path)
		}
		if b.chart != nil {
			m["Chart"], m["Width"], m["Height"] = chartRows(b.chart), chartWidth, chartHeight
		}
		blocks = append(blocks, m)
	}
	state := r.State
	if state == "" {
		state = string(r.Result.Verdict)
	}
	return t.Execute(w, map[string]any{
		"Verdict": d.verdict, "Title": d.title, "State": state, "Blocks": blocks,
		"Files": r.Files, "Version": r.Version,
	})
}

// htmlRow is a row of a path for the page.
type htmlRow struct {
	Object, Status, Reason, Owner, Member string
	Suspect, First, Last                  bool
}

func pathRows(t *trace) []htmlRow {
	rows := make([]htmlRow, len(t.rows))
	for i, row := range t.rows {
		rows[i] = htmlRow{
			Object: row.object, Status: row.status, Reason: row.reason, Owner: row.owner, Member: row.member,
			Suspect: row.suspect, First: i == 0, Last: i == len(t.rows)-1,
		}
	}
	return rows
}

// htmlSeries is a figure of a chart for the page.
type htmlSeries struct{ Name, Points, Note string }

func chartRows(c *Chart) []htmlSeries {
	rows := make([]htmlSeries, len(c.Series))
	for i := range c.Series {
		s := &c.Series[i]
		rows[i] = htmlSeries{Name: s.Name, Points: s.points(), Note: s.Note}
	}
	return rows
}
