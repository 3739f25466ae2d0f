// Package sarif is the part of SARIF 2.1.0 (OASIS standard) that findings need,
// as GitHub and other code hosts read it.
//
// A [Run] has rules and results; a result points at a rule and at places. The
// package knows no findings: who has some makes them into results. A test of
// package report holds the output against the standard's schema.
package sarif

import (
	"encoding/json"
	"io"
	"strings"
)

type log struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []Run  `json:"runs"`
}

// Run is one run of a tool.
type Run struct {
	Tool        Tool                `json:"tool"`
	Invocations []Invocation        `json:"invocations,omitempty"`
	Bases       map[string]Artifact `json:"originalUriBaseIds,omitempty"`
	ColumnKind  string              `json:"columnKind"`
	Results     []Result            `json:"results"`
}

// Invocation is how the run went.
type Invocation struct {
	Successful    bool           `json:"executionSuccessful"`
	Notifications []Notification `json:"toolExecutionNotifications,omitempty"`
}

// Notification is what the results do not cover.
type Notification struct {
	Level     string     `json:"level"`
	Message   Text       `json:"message"`
	Locations []Location `json:"locations"`
}

// Tool is what ran.
type Tool struct {
	Driver Driver `json:"driver"`
}

// Driver is its main part.
type Driver struct {
	Name           string `json:"name"`
	Version        string `json:"version,omitempty"`
	InformationURI string `json:"informationUri"`
	Rules          []Rule `json:"rules"`
}

// Rule is a kind of results.
type Rule struct {
	ID      string        `json:"id"`
	Name    string        `json:"name"`
	Short   Text          `json:"shortDescription"`
	Full    Text          `json:"fullDescription"`
	Help    Help          `json:"help"`
	Default Configuration `json:"defaultConfiguration"`
}

// Configuration is how a rule is reported unless a result says otherwise: error,
// warning or note.
type Configuration struct {
	Level string `json:"level"`
}

// Text is a text for people. In a message, [text](target) is a link: see
// [Message].
type Text struct {
	Text string `json:"text"`
}

// Help is what to do about a result.
type Help struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

// Result is one finding.
type Result struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      Text              `json:"message"`
	Locations    []Location        `json:"locations"`
	Related      []Location        `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Suppressions []Suppression     `json:"suppressions,omitempty"`
}

// Suppression says that a result does not count, and why.
type Suppression struct {
	Kind          string `json:"kind"` // inSource
	Justification string `json:"justification"`
}

// NewRun is a run of plumb, without results. Root, when set, is the top of the
// checkout.
func NewRun(version, root string) *Run {
	run := &Run{
		Tool:       Tool{Driver{Name: "plumb", Version: version, InformationURI: "https://github.com/plumb-dev/plumb", Rules: []Rule{}}},
		ColumnKind: "utf16CodeUnits", // V8 counts so
		Results:    []Result{},
	}
	if root != "" {
		run.Bases = map[string]Artifact{sourceRoot: {URI: fileURI(strings.TrimSuffix(root, "/") + "/")}}
	}
	return run
}

// Write writes a log of one run.
func (r *Run) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(log{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []Run{*r}})
}

// Message keeps text of a program from being taken for a link.
func Message(s string) Text { return Text{strings.ReplaceAll(s, "](", "] (")} }
