package report

import (
	"fmt"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/report/sarif"
)

// suspicions are those of the linter, each behind what the snapshots say of it.
func (r *Report) suspicions() [][2]string {
	var facts [][2]string
	for i := range r.Result.Suspicions {
		s := &r.Result.Suspicions[i]
		text := fmt.Sprintf("%s, %s (%s)", clean(s.Name), r.place(s.At), s.Rule)
		facts = append(facts, [2]string{string(s.Verdict), text + ": " + r.answer(s)})
	}
	return facts
}

// answer is the evidence in words.
func (r *Report) answer(s *leak.Suspicion) string {
	switch s.Verdict {
	case leak.Confirmed:
		text := "grew"
		if len(s.Counts) > 0 {
			text += " " + arrows(s.Counts)
		}
		if s.PerRequest > 0 {
			text += fmt.Sprintf(", %.2f per request", s.PerRequest)
		}
		return text
	case leak.Cleared:
		return fmt.Sprintf("there, and did not grow: %s", arrows(s.Counts))
	default:
		if last := len(s.Counts) - 1; last > 0 && s.Counts[last] > s.Counts[0] {
			return "grew, not enough to be sure: " + arrows(s.Counts)
		}
		return "the code did not run, or what it keeps cannot be told apart"
	}
}

// sarifSuspicions adds the suspicions by the rules of the linter. What is
// confirmed is an error, what is cleared no problem.
func (r *Report) sarifSuspicions(run *sarif.Run) {
	levels := map[leak.Evidence]string{leak.Confirmed: "error", leak.Cleared: "none", leak.NotSeen: "note"}
	rules, seen := map[string]int{}, map[string]int{}
	for i := range r.Result.Suspicions {
		s := &r.Result.Suspicions[i]
		if _, known := rules[s.Rule]; !known {
			rules[s.Rule] = len(run.Tool.Driver.Rules)
			text := sarif.Text{Text: "Suspicion of the linter: " + strings.ReplaceAll(s.Rule, "-", " ")}
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarif.Rule{
				ID: s.Rule, Name: pascal(s.Rule, "-"), Short: text, Full: text,
				Help:    sarif.Help{Text: "plumb lint --explain " + s.Rule, Markdown: "`plumb lint --explain " + s.Rule + "`"},
				Default: sarif.Configuration{Level: "note"},
			})
		}
		seen[s.Fingerprint]++
		run.Results = append(run.Results, sarif.Result{
			RuleID: s.Rule, RuleIndex: rules[s.Rule], Level: levels[s.Verdict],
			Message:   sarif.Message(fmt.Sprintf("%s; %s: %s.", s.Message, s.Verdict, r.answer(s))),
			Locations: []sarif.Location{r.sarifLocation(s.At)},
			Fingerprints: map[string]string{
				"plumb/v1": s.Fingerprint, "primaryLocationLineHash": fmt.Sprintf("%s:%d", s.Fingerprint, seen[s.Fingerprint]),
			},
		})
	}
}
