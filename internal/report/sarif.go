package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/report/sarif"
)

func (r *Report) sarif(w io.Writer) error {
	run := sarif.NewRun(r.Version, sarif.Checkout(r.Root))
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
		result := sarif.Result{
			RuleID: ruleID(f.Cause), RuleIndex: rule, Level: "error",
			Message: sarif.Message(r.says(f) + ". " + f.Advice),
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
	r.sarifSuspicions(run)
	return run.Write(w)
}

// sarifLocations is where the mistake is, and where what leaks comes from.
// GitHub refuses a result without a location: when the source is not known it
// is the snapshot that shows it.
func (r *Report) sarifLocations(f *leak.Finding) (at, related []sarif.Location) {
	declared, made := f.Declared, f.Made
	if declared.File == "" {
		declared, made = made, leak.Place{}
	}
	if declared.File == "" && len(r.Files) > 0 {
		declared.File = r.Files[len(r.Files)-1]
		if !filepath.IsAbs(declared.File) { // below the working folder
			declared.File = filepath.Join(r.Root, declared.File)
		}
	}
	if declared.File == "" {
		return []sarif.Location{}, nil
	}
	if made.File != "" {
		l := r.sarifLocation(made)
		text := sarif.Message("Where " + memberWord(f, 2) + " come from.")
		l.ID, l.Message = 1, &text
		related = append(related, l)
	}
	if f.Grows != nil {
		l := r.sarifLocation(*f.Grows)
		text := sarif.Message("Where it grows.")
		l.ID, l.Message = len(related)+1, &text
		related = append(related, l)
	}
	return []sarif.Location{r.sarifLocation(declared)}, related
}

func (r *Report) sarifLocation(p leak.Place) sarif.Location {
	return sarif.At(sarif.Checkout(r.Root), p.File, sarif.Region{Line: p.Line, Column: p.Column})
}

// exampleMarkdown is the advice with its example.
func exampleMarkdown(f *leak.Finding) string {
	var out strings.Builder
	markdownBlock(&out, block{lines: []string{f.Advice}, example: f.Example})
	return strings.TrimSpace(out.String())
}

func ruleID(c leak.Cause) string { return "leak/" + strings.ReplaceAll(string(c), " ", "-") }

func newSarifRule(f *leak.Finding) sarif.Rule {
	text := sarif.Text{Text: "Memory leak: " + string(f.Cause)}
	return sarif.Rule{
		ID: ruleID(f.Cause), Name: ruleName(f.Cause), Short: text,
		Full: sarif.Text{Text: text.Text + ". " + f.Advice}, Help: sarif.Help{Text: f.Advice, Markdown: exampleMarkdown(f)},
		Default: sarif.Configuration{Level: "error"},
	}
}

// ruleName is the id in the standard's Pascal case: MemoryLeakModuleVariable.
func ruleName(c leak.Cause) string {
	return "MemoryLeak" + pascal(string(c), " ")
}

func pascal(words, between string) string {
	name := ""
	for word := range strings.SplitSeq(words, between) {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name
}
