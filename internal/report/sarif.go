package report

import (
	"encoding/json"
	"fmt"
	"io"
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
		Tool       sarifTool                `json:"tool"`
		Bases      map[string]sarifArtifact `json:"originalUriBaseIds,omitempty"`
		ColumnKind string                   `json:"columnKind"`
		Results    []sarifResult            `json:"results"`
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
		ID      string             `json:"id"`
		Name    string             `json:"name"`
		Short   sarifText          `json:"shortDescription"`
		Full    sarifText          `json:"fullDescription"`
		Help    sarifHelp          `json:"help"`
		Default sarifConfiguration `json:"defaultConfiguration"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
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
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
)

func (r *Report) sarif(w io.Writer) error {
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name: "plumb", Version: r.Version, InformationURI: "https://github.com/plumb-dev/plumb", Rules: []sarifRule{},
		}},
		ColumnKind: "utf16CodeUnits", // V8 counts so
		Results:    []sarifResult{},
	}
	if r.Root != "" {
		run.Bases = map[string]sarifArtifact{sourceRoot: {URI: fileURI(strings.TrimSuffix(r.Root, "/") + "/")}}
	}
	rules := map[leak.Cause]int{}
	seen := map[string]int{}
	for i := range r.Result.Findings {
		f := &r.Result.Findings[i]
		rule, known := rules[f.Cause]
		if !known {
			rule = len(run.Tool.Driver.Rules)
			rules[f.Cause] = rule
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, newSarifRule(f))
		}
		result := sarifResult{
			RuleID: ruleID(f.Cause), RuleIndex: rule, Level: "error",
			Message: sarifText{sarifMessage(r.says(f) + ". " + f.Advice)},
		}
		if f.Verdict != leak.Leaking || f.Known {
			result.Level = "note"
		}
		result.Locations, result.Related = r.sarifLocations(f)
		seen[f.Fingerprint]++
		result.Fingerprints = map[string]string{
			"plumb/v1": f.Fingerprint,
			// GitHub knows an alert again by this one alone. Ours does not
			// change when the code moves.
			"primaryLocationLineHash": fmt.Sprintf("%s:%d", f.Fingerprint, seen[f.Fingerprint]),
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

func ruleID(c leak.Cause) string { return "leak/" + strings.ReplaceAll(string(c), " ", "-") }

func newSarifRule(f *leak.Finding) sarifRule {
	text := sarifText{"Memory leak: " + string(f.Cause)}
	return sarifRule{
		ID: ruleID(f.Cause), Name: ruleName(f.Cause), Short: text,
		Full: sarifText{text.Text + ". " + f.Advice}, Help: sarifHelp{f.Advice, exampleMarkdown(f)},
		Default: sarifConfiguration{"error"},
	}
}

// ruleName is the id in the standard's Pascal case: MemoryLeakModuleVariable.
func ruleName(c leak.Cause) string {
	name := "MemoryLeak"
	for _, word := range strings.Fields(string(c)) {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name
}

// sarifMessage keeps text out of a snapshot from being taken for a link:
// [text](target) is one in SARIF.
func sarifMessage(s string) string { return strings.ReplaceAll(s, "](", "] (") }
