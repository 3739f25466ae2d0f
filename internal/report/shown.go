package report

import "github.com/plumb-dev/plumb/internal/leak"

// Document is a report as people read it, for a page to lay out: the verdict first,
// then the evidence, what would prove it wrong, what to do next.
type Document struct {
	Verdict      string   `json:"verdict" doc:"one word"`
	State        string   `json:"state" doc:"how it looks: healthy, undecided or leaking"`
	Title        string   `json:"title" doc:"one sentence"`
	Blocks       []Block  `json:"blocks" nullable:"false"`
	Files        []string `json:"files" nullable:"false" doc:"the snapshots"`
	Fingerprints []string `json:"fingerprints" nullable:"false" doc:"of the findings: the same leak has the same one"`
}

// Block is one piece of a document; what it has not is left out.
type Block struct {
	Heading string      `json:"heading,omitempty"`
	Level   int         `json:"level,omitempty" doc:"of the heading: 1 for a finding, 2 for its parts"`
	Lines   []string    `json:"lines,omitempty" doc:"a paragraph each"`
	Facts   [][2]string `json:"facts,omitempty" doc:"a name and what it is"`
	Table   *Table      `json:"table,omitempty"`
	Path    []Step      `json:"path,omitempty" doc:"what keeps the objects alive, from a root down"`
	Series  []Series    `json:"series,omitempty" doc:"figures from sample to sample"`
	Code    []string    `json:"code,omitempty" doc:"commands to run"`
	Before  string      `json:"before,omitempty" doc:"the mistake, in a few lines of code"`
	After   string      `json:"after,omitempty" doc:"its correction"`
	Frames  []Frame     `json:"frames,omitempty" doc:"the code where it is"`
}

// Step is an object of a path, and the reference that leads on.
type Step struct {
	Object  string `json:"object"`
	Status  string `json:"status"`
	Reason  string `json:"reason,omitempty"`
	Owner   string `json:"owner,omitempty"`
	Member  string `json:"member,omitempty"`
	Suspect bool   `json:"suspect,omitempty" doc:"the reference may be the one too much"`
}

// Document is the report for a page.
func (r *Report) Document() *Document {
	d := r.build()
	shown := &Document{Verdict: d.verdict, State: r.State, Title: d.title, Blocks: []Block{}, Files: append([]string{}, r.Files...), Fingerprints: []string{}}
	if shown.State == "" {
		shown.State = string(r.Result.Verdict)
	}
	for _, f := range r.Result.Findings {
		shown.Fingerprints = append(shown.Fingerprints, f.Fingerprint)
	}
	for _, b := range d.blocks {
		shown.Blocks = append(shown.Blocks, b.shown())
	}
	return shown
}

func (b *block) shown() Block {
	shown := Block{Heading: b.heading, Level: b.level, Lines: b.lines, Facts: b.pairs, Code: b.code, Frames: b.frames}
	if b.example != (leak.Example{}) {
		shown.Before, shown.After = b.example.Before, b.example.After
	}
	if b.table != nil {
		shown.Table = &Table{Head: b.table.head, Rows: b.table.rows}
	}
	if b.path != nil {
		for _, row := range b.path.rows {
			shown.Path = append(shown.Path, Step{row.object, row.status, row.reason, row.owner, row.member, row.suspect})
		}
	}
	if b.chart != nil {
		shown.Series = b.chart.Series
	}
	return shown
}
