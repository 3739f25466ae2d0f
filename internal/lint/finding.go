package lint

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/internal/lint/rule"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Finding is a place in the sources that can leak.
type Finding struct {
	Rule     string        `json:"rule"`
	Severity rule.Severity `json:"severity"`
	File     string        `json:"file"`
	Line     int           `json:"line"`
	Column   int           `json:"column"` // from 1, UTF-16 units
	Length   int           `json:"length,omitempty"`
	Name     string        `json:"name"` // what grows, as the program writes it
	Message  string        `json:"message"`
	// Declared is where what grows is declared.
	Declared Place `json:"declared"`
	// Evidence is what snapshots say of it; nil without snapshots.
	Evidence *Evidence `json:"evidence"`
	// Suppressed is the reason that a comment gives; such a finding does not
	// count.
	Suppressed  string    `json:"suppressed,omitempty"`
	Fingerprint string    `json:"fingerprint"` // does not change when code moves
	Fix         *rule.Fix `json:"-"`
	Variable    string    `json:"-"` // what a snapshot calls it
	Code        []Line    `json:"-"` // the text around
}

// Place is a line of a file.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// Line is a line of the text, for a code frame: of a long one the part around the
// finding.
type Line struct {
	Number int
	Text   string
	Column int // of the finding in Text, 0 in the lines around
}

// Verdict is what snapshots say of a suspect.
type Verdict string

// The verdicts.
const (
	Confirmed Verdict = "confirmed" // it grew
	Cleared   Verdict = "cleared"   // it is there, and did not grow
	NotSeen   Verdict = "not seen"  // it is in no snapshot
)

// Evidence is what snapshots show of a suspect.
type Evidence struct {
	Verdict Verdict `json:"verdict"`
	// Counts are the members in each snapshot, PerRequest how many more each
	// request left, Bytes what they take together.
	Counts     []int   `json:"counts,omitempty"`
	PerRequest float64 `json:"perRequest,omitempty"`
	Bytes      uint64  `json:"bytes,omitempty"`
}

// Sentence is the message with what follows it, as a sentence. A name that it begins
// with is the program's, and stays as it is written there.
func (f *Finding) Sentence(rest string) string {
	text := f.Message + rest
	if f.Name == "" || !strings.HasPrefix(text, f.Name) {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	return text + "."
}

// Counts says whether a finding is one to act on: not suppressed, not cleared.
func (f *Finding) Counts() bool { return f.Suppressed == "" && !f.cleared() }

// cleared: an error is wrong whatever a snapshot shows.
func (f *Finding) cleared() bool {
	return f.Evidence != nil && f.Evidence.Verdict == Cleared && f.Severity != rule.Error
}

// weight orders severities.
func weight(s rule.Severity) int {
	return slices.Index([]rule.Severity{rule.Off, rule.Suspicion, rule.Warning, rule.Error}, s)
}

// AtLeast says whether the finding is one that fails a build.
func (f *Finding) AtLeast(s rule.Severity) bool { return f.Counts() && weight(f.Severity) >= weight(s) }

// The bounds of a line, in bytes, for a frame on each side of the finding and for a
// fingerprint: what was put into one line can have a finding every few bytes.
const (
	frameLine  = 1 << 10
	signedLine = 4 << 10
)

// found makes a finding out of what a rule has reported.
func found(path string, f *syntax.File, raw rule.Finding, severity rule.Severity) Finding {
	out := Finding{
		Rule: raw.Rule, Severity: severity, File: path, Line: raw.At.Line, Column: raw.At.Column, Length: raw.Length,
		Name: raw.Name, Message: raw.Message, Fix: raw.Fix, Variable: raw.Variable,
		Declared: Place{cmp.Or(raw.In, path), raw.Declared.Line},
	}
	for n := max(1, out.Line-1); n <= min(f.Lines(), out.Line+1); n++ {
		at := syntax.Position{Line: n, Column: 1}
		if n == out.Line {
			at = raw.At
		}
		if text, column := f.Around(at, frameLine); text != "" || n < f.Lines() {
			if n != out.Line {
				column = 0
			}
			out.Code = append(out.Code, Line{n, text, column})
		}
	}
	line, _ := f.Line(out.Line)
	line = line[:min(len(line), signedLine)]
	sum := sha256.Sum256([]byte(out.Rule + "\x00" + path + "\x00" + out.Name + "\x00" + line))
	out.Fingerprint = hex.EncodeToString(sum[:8])
	return out
}

func inOrder(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Rule, b.Rule))
}
