package report

// Section is what a report says beside the findings: the caller's own evidence.
type Section struct {
	Heading string
	Lines   []string    // a paragraph each
	Facts   [][2]string // a name and what it is
	Table   *Table
	Chart   *Chart
}

// Table has rows; all columns but the first stand on the right.
type Table struct {
	Head []string   `json:"head"`
	Rows [][]string `json:"rows"`
}

// blocks are the section's pieces, under one heading.
func (s *Section) blocks() []block {
	b := block{heading: s.Heading, level: 1, lines: s.Lines, pairs: s.Facts, chart: s.Chart}
	if s.Table != nil {
		b.table = &grid{head: s.Table.Head, rows: s.Table.Rows}
	}
	return []block{b}
}

func (d *document) sections(sections []Section) {
	for i := range sections {
		d.add(sections[i].blocks()...)
	}
}
