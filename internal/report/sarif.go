package report

import (
	"encoding/json"
	"io"
	"path/filepath"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
)

// The part of SARIF 2.1.0 (OASIS standard) that findings need.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string    `json:"id"`
		Short sarifText `json:"shortDescription"`
		Help  sarifHelp `json:"help"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifHelp struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		Line   int `json:"startLine"`
		Column int `json:"startColumn,omitempty"`
	}
)

func (r *Report) sarif(w io.Writer) error {
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name: "plumb", Version: r.Version, InformationURI: "https://github.com/plumb-dev/plumb", Rules: []sarifRule{},
		}},
		Results: []sarifResult{},
	}
	known := map[string]bool{}
	for i := range r.Result.Findings {
		f := &r.Result.Findings[i]
		id := "leak/" + strings.ReplaceAll(string(f.Cause), " ", "-")
		if !known[id] {
			known[id] = true
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
				ID: id, Short: sarifText{"Memory leak: " + string(f.Cause)}, Help: sarifHelp{f.Advice, exampleMarkdown(f)},
			})
		}
		result := sarifResult{
			RuleID: id, Level: "error", Message: sarifText{r.says(f) + ". " + f.Advice},
			Fingerprints: map[string]string{"plumb/v1": f.Fingerprint},
		}
		if f.Verdict != leak.Leaking || f.Known {
			result.Level = "note"
		}
		if f.Declared.File != "" {
			result.Locations = []sarifLocation{r.sarifLocation(f.Declared)}
		}
		run.Results = append(run.Results, result)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0", Runs: []sarifRun{run},
	})
}

// exampleMarkdown is the advice with its example.
func exampleMarkdown(f *leak.Finding) string {
	var out strings.Builder
	markdownBlock(&out, block{lines: []string{f.Advice}, example: f.Example})
	return strings.TrimSpace(out.String())
}

// sarifLocation gives paths below the working folder relative to it, as code
// hosts want them.
func (r *Report) sarifLocation(p leak.Place) sarifLocation {
	uri := strings.TrimPrefix(p.File, r.Root)
	if filepath.IsAbs(uri) {
		uri = "file://" + uri
	}
	at := sarifLocation{sarifPhysical{Artifact: sarifArtifact{URI: strings.ReplaceAll(uri, " ", "%20")}}}
	if p.Line > 0 {
		at.Physical.Region = &sarifRegion{Line: p.Line, Column: p.Column}
	}
	return at
}
