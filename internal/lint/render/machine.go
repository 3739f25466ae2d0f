package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/rule"
	"github.com/plumb-dev/plumb/internal/report/sarif"
)

var levels = map[rule.Severity]string{rule.Error: "error", rule.Warning: "warning", rule.Suspicion: "note"}

// SARIF writes the findings for code hosts. All rules are listed, so that what
// has no finding any more is known to be gone; what was not looked at is a
// notification.
func (r *Report) SARIF(w io.Writer) error {
	run := sarif.NewRun(r.Version, r.Root)
	index := map[string]int{}
	for i, known := range rule.All() {
		index[known.ID] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarif.Rule{
			ID: known.ID, Name: pascal(known.ID), Short: sarif.Text{Text: known.Title()}, Full: sarif.Text{Text: known.Title()},
			Help: sarif.Help{Text: known.Title(), Markdown: known.Doc()}, Default: sarif.Configuration{Level: levels[known.Severity]},
		})
	}
	seen := map[string]int{}
	for i := range r.Findings {
		f := &r.Findings[i]
		seen[f.Fingerprint]++
		region := sarif.Region{Line: f.Line, Column: f.Column}
		if f.Length > 0 {
			region.EndColumn = f.Column + f.Length
		}
		result := sarif.Result{
			RuleID: f.Rule, RuleIndex: index[f.Rule], Level: levels[f.Severity], Message: sarif.Message(sentence(f)),
			Locations: []sarif.Location{sarif.At(r.Root, f.File, region)},
			Fingerprints: map[string]string{
				"plumb/v1":                f.Fingerprint,
				"primaryLocationLineHash": fmt.Sprintf("%s:%d", f.Fingerprint, seen[f.Fingerprint]),
			},
		}
		if f.Declared.Line > 0 && f.Declared != (lint.Place{File: f.File, Line: f.Line}) {
			at, text := sarif.At(r.Root, f.Declared.File, sarif.Region{Line: f.Declared.Line}), sarif.Message("Where "+f.Name+" is declared.")
			at.ID, at.Message = 1, &text
			result.Related = append(result.Related, at)
		}
		if f.Suppressed != "" {
			result.Suppressions = append(result.Suppressions, sarif.Suppression{Kind: "inSource", Justification: f.Suppressed})
		}
		if f.Suppressed == "" && !f.Counts() {
			result.Level = "none"
		}
		run.Results = append(run.Results, result)
	}
	run.Invocations = []sarif.Invocation{{Successful: true, Notifications: r.notifications()}}
	return run.Write(w)
}

// Checkout is the top of the checkout that a folder is in, for [Report].Root.
func Checkout(folder string) string { return sarif.Checkout(folder) }

func (r *Report) notifications() []sarif.Notification {
	var list []sarif.Notification
	for i := range r.Problems {
		p := &r.Problems[i]
		list = append(list, sarif.Notification{
			Level: "warning", Message: sarif.Message(p.Sentence()),
			Locations: []sarif.Location{sarif.At(r.Root, p.File, sarif.Region{Line: p.Line, Column: p.Column})},
		})
	}
	return list
}

func sentence(f *lint.Finding) string {
	if f.Evidence == nil {
		return f.Sentence("")
	}
	return f.Sentence("; " + Evidence(f.Evidence))
}

// pascal is grow-only-collection as GrowOnlyCollection, which the standard
// wants of names.
func pascal(id string) string {
	name := ""
	for word := range strings.SplitSeq(id, "-") {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name
}

// GitHub writes the commands that a workflow's runner makes annotations of:
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
func (r *Report) GitHub(w io.Writer) error {
	out := bufio.NewWriter(w)
	for i := range r.Findings {
		f := &r.Findings[i]
		if !f.Counts() {
			continue
		}
		command := levels[f.Severity]
		if command == "note" {
			command = "notice"
		}
		fmt.Fprintf(out, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", command, property(strings.TrimPrefix(f.File, r.Root)), f.Line, f.Column,
			property("plumb "+f.Rule), data(sentence(f)))
	}
	for i := range r.Problems {
		p := &r.Problems[i]
		fmt.Fprintf(out, "::notice file=%s,line=%d,title=plumb::%s\n", property(strings.TrimPrefix(p.File, r.Root)), max(p.Line, 1), data(p.Sentence()))
	}
	return out.Flush()
}

// data and property escape as the runner reads it.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
