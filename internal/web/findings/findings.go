// Package findings is what leaked, in the page: reports of the store of findings, and
// of a hunt that has just ended.
//
// A report is laid out by the page, from the same document that the terminal and the
// files of a report are made of.
package findings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/report"
	"github.com/plumb-dev/plumb/internal/web/problem"
)

// Part is the findings of one server.
type Part struct {
	Store *diagnosis.Store // may be nil
	// Root is cut from the front of source paths.
	Root string
	// Hunt, when set, is a report that no store has.
	Hunt  *report.Report
	Ended time.Time // of the hunt
}

// hunted is the id of Hunt.
const hunted = "hunt"

// Name is how the page knows the part.
func (*Part) Name() string { return "findings" }

// Line is a finding in the list.
type Line struct {
	ID           string    `json:"id"`
	App          string    `json:"app"`
	Time         time.Time `json:"time"`
	State        string    `json:"state" doc:"healthy, undecided or leaking; \"\" when there was no comparison"`
	What         string    `json:"what" doc:"in a sentence"`
	Pinned       bool      `json:"pinned"`
	Fingerprints []string  `json:"fingerprints" nullable:"false"`
}

// Findings are those that are there.
type Findings struct {
	Findings []Line `json:"findings" nullable:"false" doc:"the newest first"`
}

// One is a finding.
type One struct {
	Line
	Document *report.Document `json:"document,omitempty"`
	Markdown string           `json:"markdown" doc:"the same, to copy"`
}

type output[T any] struct{ Body T }

// Register adds the operations.
func (p *Part) Register(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "findings", Method: http.MethodGet, Path: "/api/reports", Summary: "What leaked",
	}, p.list)
	huma.Register(api, huma.Operation{
		OperationID: "finding", Method: http.MethodGet, Path: "/api/reports/{id}", Summary: "What leaked, why, and where",
	}, p.one)
}

func (p *Part) list(context.Context, *struct{}) (*output[Findings], error) {
	all := Findings{Findings: []Line{}}
	if p.Hunt != nil {
		all.Findings = append(all.Findings, p.hunt().Line)
	}
	if p.Store != nil {
		stored, err := p.Store.List()
		if err != nil && len(stored) == 0 {
			return nil, err
		}
		for _, f := range stored {
			all.Findings = append(all.Findings, line(f, p.Root))
		}
	}
	return &output[Findings]{all}, nil
}

func line(f *diagnosis.Finding, root string) Line {
	l := Line{ID: f.ID, App: f.App, Time: f.Time, Pinned: f.Pinned, What: f.Problem, Fingerprints: []string{}}
	if f.Result == nil {
		return l
	}
	l.State, l.What = string(f.Result.Verdict), f.Report(root).Says()
	for _, leak := range f.Result.Findings {
		l.Fingerprints = append(l.Fingerprints, leak.Fingerprint)
	}
	return l
}

func (p *Part) hunt() One {
	document := p.Hunt.Document()
	return One{
		Line:     Line{ID: hunted, App: "this hunt", Time: p.Ended, State: document.State, What: document.Title, Fingerprints: document.Fingerprints},
		Document: document,
	}
}

func (p *Part) one(_ context.Context, in *struct {
	ID string `path:"id"`
},
) (*output[One], error) {
	if in.ID == hunted && p.Hunt != nil {
		return told(p.hunt(), p.Hunt)
	}
	err := fmt.Errorf("%w: %s", diagnosis.ErrNoFinding, in.ID)
	if p.Store != nil {
		var f *diagnosis.Finding
		if f, err = p.Store.Find(in.ID); err == nil {
			one := One{Line: line(f, p.Root)}
			if f.Result == nil {
				return &output[One]{one}, nil
			}
			r := f.Report(p.Root)
			one.Document = r.Document()
			return told(one, r)
		}
	}
	if errors.Is(err, diagnosis.ErrNoFinding) {
		return nil, problem.New(http.StatusNotFound, err, "it may have made room for newer ones: plumb findings --pin keeps one")
	}
	return nil, err
}

func told(one One, r *report.Report) (*output[One], error) {
	var text bytes.Buffer
	if err := r.Write(&text, report.Markdown); err != nil {
		return nil, err
	}
	one.Markdown = text.String()
	return &output[One]{one}, nil
}
