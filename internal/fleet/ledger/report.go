package ledger

import (
	"fmt"
	"strings"
	"time"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/report"
)

// Report is a finding with its newest diagnosis, to write or to show.
func Report(f *Finding, r *fleet.Result) *report.Report {
	section := report.Section{Heading: "In the fleet", Facts: [][2]string{
		{"app", f.App},
		{"state", stateWords(f)},
		{"seen", fmt.Sprintf("first %s, last %s", f.First.Local().Format(time.DateTime), f.Last.Local().Format(time.DateTime))},
		{"instances", strings.Join(f.Instances, ", ")},
		{"releases", releaseWords(f)},
		{"newest", fmt.Sprintf("%s on %s: %s", r.Case.App, r.Case.Host, r.Case.Why)},
		{"compared by", fmt.Sprintf("%s, in %s", r.Worker, r.Took.Round(time.Millisecond))},
	}}
	doc := &report.Report{
		Result: r.Result, JSON: struct {
			Finding Finding       `json:"finding"`
			Result  *fleet.Result `json:"result"`
		}{*f, r},
		Suite: "plumb fleet findings", First: []report.Section{section}, Next: []string{"plumb fleet snapshot " + f.App},
	}
	for _, s := range r.Case.Snapshots {
		doc.Files = append(doc.Files, s.Hash[:12]+".heapsnapshot.zst")
	}
	return doc
}

// Stands is how a finding stands, in a few words.
func (f *Finding) Stands() string {
	switch f.State {
	case Fixed:
		return "fixed in " + f.FixedIn
	case Regressed:
		return "again in " + f.Again
	default:
		return "grows"
	}
}

func stateWords(f *Finding) string {
	switch f.State {
	case Fixed:
		return "fixed in " + f.FixedIn
	case Regressed:
		return fmt.Sprintf("fixed in %s, and there again in %s", f.FixedIn, f.Again)
	default:
		return "it grows"
	}
}

func releaseWords(f *Finding) string {
	if len(f.Releases) == 1 && f.Releases[0] == "" {
		return "not known: plumb run --release tells them"
	}
	return strings.Join(f.Releases, ", ")
}
