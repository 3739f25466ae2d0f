package report

import "github.com/plumb-dev/plumb/internal/leak"

// document is a report for people, before it has a form.
type document struct {
	verdict string // one word
	title   string // one sentence
	blocks  []block
}

// block is one piece of a document; one of its parts is set.
type block struct {
	heading string
	level   int      // of the heading: 1 for a finding, 2 for its parts
	lines   []string // a paragraph each
	pairs   [][2]string
	table   *grid
	path    *trace
	chart   *Chart
	code    []string // commands to run
	example leak.Example
	frames  []Frame
}

// sides are the two halves of the example, each with its heading.
func (b *block) sides() [][2]string {
	if b.example.Before == "" {
		return nil
	}
	return [][2]string{{"Before:", b.example.Before}, {"After:", b.example.After}}
}

// grid is a table; all columns but the first stand on the right.
type grid struct {
	head []string
	rows [][]string
}

// trace is a retaining path, one object and one reference a row.
type trace struct {
	rows []traceRow
}

type traceRow struct {
	object, status, reason string
	owner, member          string // the reference: SessionStore and .byId
	suspect                bool
}
