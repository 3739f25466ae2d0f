package hunt

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/report"
)

// Outcome is whether the hunt met what was demanded of it: a fix, a budget,
// or that nothing new leaks.
func (r *Result) Outcome() Outcome {
	switch {
	case r.Fixed != nil:
		return r.Fixed.Outcome
	case r.Budget != nil && r.Verdict != leak.Undecided:
		return r.Budget.Outcome
	case r.Verdict == leak.Leaking && r.known() > 0 && r.unknown(leak.Leaking) == 0:
		return Pass
	case r.Verdict == leak.Leaking:
		return Fail
	case r.Verdict == leak.Undecided:
		return Unknown
	default:
		return Pass
	}
}

// Report puts a result into the words and sections of a report. root is cut
// from the front of source paths.
func (r *Result) Report(root string) *report.Report {
	rep := &report.Report{
		Result: r.Result, Files: r.Files, JSON: r, Suite: "plumb hunt", Root: root, Source: os.ReadFile,
		State: map[Outcome]string{Pass: "healthy", Fail: "leaking", Unknown: "undecided"}[r.Outcome()],
		Next:  r.next(), Doubts: r.doubts(), Checks: r.checks(),
	}
	rep.Word, rep.Title = r.headline(rep)
	rep.First = []report.Section{r.evidence()}
	rep.Last = []report.Section{r.roundsSection()}
	if len(r.Allocated) > 0 {
		rep.Last = append(rep.Last, r.allocatedSection(root))
	}
	return rep
}

// headline is the verdict: a word and a sentence.
func (r *Result) headline(rep *report.Report) (word, title string) {
	kept := r.Rates.Kept
	switch {
	case r.Fixed != nil:
		word = map[Outcome]string{Pass: "FIXED", Fail: "NOT FIXED", Unknown: "UNDECIDED"}[r.Fixed.Outcome]
		return word, r.Fixed.Reason
	case r.Budget != nil && r.Verdict != leak.Undecided:
		word = map[Outcome]string{Pass: "WITHIN BUDGET", Fail: "OVER BUDGET", Unknown: "UNDECIDED"}[r.Budget.Outcome]
		return word, fmt.Sprintf("memory grows by %s, the budget is %s", kept.sentence(), perRequest(r.Budget.PerRequest))
	case r.Verdict == leak.Leaking && r.Outcome() == Pass:
		return "NO NEW LEAK", fmt.Sprintf("%s, all of them in the baseline", plural(r.known(), "leak"))
	case r.Verdict == leak.Leaking && len(r.Findings) > 0 && r.Findings[0].Verdict == leak.Leaking:
		return "LEAK", rep.Says() + growing(kept)
	case r.Verdict == leak.Leaking:
		return "LEAK", r.Reason
	case r.Verdict == leak.Undecided && len(r.Findings) > 0 && r.Reason == r.Findings[0].Reason:
		return "UNDECIDED", rep.Says()
	case r.Verdict == leak.Undecided:
		return "UNDECIDED", r.Reason
	default:
		return "NO LEAK", r.Reason
	}
}

// growing says how fast memory grows, when that is more than noise.
func growing(kept Rate) string {
	if kept.Interval == nil || kept.Trend != Growing {
		return ""
	}
	return fmt.Sprintf("; memory grows by %s per %s", perRequest(kept.PerRequest), or(kept.unit, "request"))
}

// evidence is what was done and what came of it, in a few facts.
func (r *Result) evidence() report.Section {
	s := report.Section{Heading: "The hunt"}
	say := func(name, format string, args ...any) {
		s.Facts = append(s.Facts, [2]string{name, fmt.Sprintf(format, args...)})
	}
	say("program", "%s (%s %s, pid %d)", strings.Join(r.Program.Command, " "), r.Program.Runtime, r.Program.Version, r.Program.PID)
	load := r.load()
	rounds := plural(len(r.at(First))+len(r.at(Again)), "round")
	if naming := len(r.at(Naming)); naming > 0 {
		rounds += fmt.Sprintf(", %d more with %s", naming, plural(naming+1, "snapshot"))
	}
	at := ""
	if r.Program.URL != "" {
		at = " to " + r.Program.URL
	}
	say("load", "%s%s in %.1f s%s; %s", plural(int(load.Requests), or(load.Unit, "request")), at, load.Seconds, load.failures(), rounds)
	if len(r.at(First)) > 0 {
		say("memory kept", "%s, %s", r.Rates.Kept.sentence(), r.Rates.Kept.Trend)
		say("heap", "%s, %s", r.Rates.Objects.sentence(), r.Rates.Objects.Trend)
		say("outside the heap", "%s, %s", r.Rates.External.sentence(), r.Rates.External.Trend)
	}
	if r.Again != nil {
		say("later", "%s, %s", r.Again.Kept.sentence(), r.Again.Kept.Trend)
	}
	say("verdict because", "%s", r.Reason)
	if r.Budget != nil {
		say("budget", "%s per request: %s", perRequest(r.Budget.PerRequest), r.Budget.Outcome)
	}
	if r.Fixed != nil {
		say("fix", "%s", r.Fixed.Reason)
	}
	for _, note := range r.Notes {
		say("note", "%s", note)
	}
	return s
}

// roundsSection draws memory over the rounds.
func (r *Result) roundsSection() report.Section {
	s := report.Section{Heading: "Memory after each round"}
	if len(r.Rounds) == 0 {
		s.Lines = []string{"No round was completed."}
		return s
	}
	samples := []Memory{r.Start}
	names := []string{"before"}
	t := &report.Table{Head: []string{"round", "requests", "objects", "code", "outside", "rss"}}
	for i, one := range r.Rounds {
		name := strconv.Itoa(i + 1)
		if one.Stage == Naming {
			name += " with snapshots"
		}
		names, samples = append(names, name), append(samples, one.Memory)
	}
	for i, m := range samples {
		requests := ""
		if i > 0 {
			requests = strconv.FormatInt(r.Rounds[i-1].Requests, 10)
		}
		t.Rows = append(t.Rows, []string{names[i], requests, size(m.Objects()), size(m.Code), size(m.External), size(m.RSS)})
	}
	figure := func(name string, of func(Memory) uint64) report.Series {
		y := series(samples, of)
		return report.Series{
			Name: name, Values: y,
			Note: fmt.Sprintf("%s → %s", size(uint64(y[0])), size(uint64(y[len(y)-1]))),
		}
	}
	s.Chart = &report.Chart{Series: []report.Series{
		figure("objects in the heap", Memory.Objects),
		figure("outside the heap", Memory.external),
		figure("whole process (RSS)", func(m Memory) uint64 { return m.RSS }),
	}}
	s.Table = t
	return s
}

// allocatedSection lists the functions whose allocations stay.
func (r *Result) allocatedSection(root string) report.Section {
	s := report.Section{
		Heading: "Allocated in the last round and still alive (sampled)",
		Table:   &report.Table{Head: []string{"function", "bytes"}},
	}
	const most = 5
	for _, site := range r.Allocated[:min(most, len(r.Allocated))] {
		name := site.Function
		if name == "" {
			name = "(anonymous)"
		}
		s.Table.Rows = append(s.Table.Rows, []string{fmt.Sprintf("%s %s:%d", name, strings.TrimPrefix(site.File, root), site.Line), size(site.Bytes)})
	}
	return s
}

// doubts say what would prove the verdict wrong.
func (r *Result) doubts() []string {
	switch {
	case r.Verdict == leak.Healthy:
		return []string{
			"A leak on a path that the load did not take does not show. Load what production does: --url for each route, --script for a sequence, {{n}} or {{uuid}} where production has ever new values.",
		}
	case r.Verdict == leak.Undecided:
		return []string{"More rounds, or more requests in each, decide: growth that is in proportion to the requests is a leak, growth that ends is a cache or the engine."}
	default:
		return []string{"A cache with a limit above the last count looks like this while it fills. If the program sets one, send more requests than the limit in the warm-up (--warmup) and hunt again."}
	}
}

// next is what to run now.
func (r *Result) next() []string {
	target := " -- " + strings.Join(r.Program.Command, " ")
	changed := target
	if r.Program.Attached != "" {
		target, changed = " "+r.Program.Attached, " PID"
	}
	requests := int64(0)
	for _, one := range r.Rounds {
		requests = max(requests, one.Requests)
	}
	hunt, more := "plumb hunt", "plumb hunt"
	for _, option := range r.Program.options {
		hunt += " " + option
		if !strings.HasPrefix(option, "--requests ") && !strings.HasPrefix(option, "--rounds ") {
			more += " " + option
		}
	}
	switch {
	case r.Verdict == leak.Undecided && r.Interrupted:
		return []string{hunt + target}
	case r.Verdict == leak.Undecided:
		return []string{fmt.Sprintf("%s --rounds %d --requests %d%s", more, 2*max(len(r.at(First)), defaultRounds), max(2*requests, most), target)}
	case r.Verdict == leak.Leaking && r.Fixed == nil:
		return []string{
			hunt + " --out before" + target + "   # keeps the evidence",
			hunt + " --expect-fixed before/hunt.json" + changed + "   # after the change",
		}
	case r.Outcome() == Fail: // the fix, or the budget
		return []string{hunt + " --out after" + target + "   # keeps the evidence"}
	default:
		return []string{"plumb hunt --url /another/route" + target + "   # what this load did not reach"}
	}
}

// checks are the demands on the hunt, for JUnit.
func (r *Result) checks() []report.Check {
	var checks []report.Check
	add := func(name string, o Outcome, reason string) {
		c := report.Check{Name: name}
		switch o {
		case Fail:
			c.Failure = reason
		case Unknown:
			c.Skipped = reason
		}
		checks = append(checks, c)
	}
	if r.Budget != nil {
		add("memory stays within "+perRequest(r.Budget.PerRequest)+" per request", r.Budget.Outcome, "memory grows by "+r.Rates.Kept.sentence())
	}
	if r.Fixed != nil {
		add("the leak is fixed", r.Fixed.Outcome, r.Fixed.Reason)
	}
	if r.Verdict == leak.Leaking && len(r.Findings) == 0 {
		add("no memory leaks", Fail, r.Reason)
	}
	if r.Verdict == leak.Undecided && len(r.Findings) == 0 {
		add("no memory leaks", Unknown, r.Reason)
	}
	return checks
}
