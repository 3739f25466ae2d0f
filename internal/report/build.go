package report

import (
	"fmt"
	"strings"

	"github.com/plumb-dev/plumb/heap/wtf8"
	"github.com/plumb-dev/plumb/internal/leak"
)

// build puts the result into words.
func (r *Report) build() *document {
	res := r.Result
	d := &document{verdict: verdictWord(res.Verdict), title: r.sentence()}
	if r.Word != "" {
		d.verdict = r.Word
	}
	d.sections(r.First)
	for i := range res.Findings {
		r.finding(d, i)
	}
	if len(res.Suspicions) > 0 {
		d.add(block{heading: "What the sources suggest", level: 1, pairs: r.suspicions()})
	}
	d.sections(r.Last)
	if len(res.Classes) > 0 {
		d.add(block{heading: "Grew in every step, by class", level: 1, table: r.classes()})
	}
	if len(res.Noise) > 0 {
		d.add(
			block{heading: "New, but not the program's doing", level: 1, table: r.noise()},
			block{lines: []string{"V8 compiles code and learns shapes while a program runs, and Node.js loads its modules when they are first used. None of this counts for the verdict."}},
		)
	}
	d.add(block{heading: "What would prove this wrong", level: 1, lines: r.doubts()})
	if next := r.next(); len(next) > 0 {
		d.add(block{heading: "Next", level: 1, code: next})
	}
	return d
}

func (d *document) add(blocks ...block) { d.blocks = append(d.blocks, blocks...) }

func verdictWord(v leak.Verdict) string {
	switch v {
	case leak.Leaking:
		return "LEAK"
	case leak.Undecided:
		return "UNDECIDED"
	default:
		return "NO LEAK"
	}
}

// sentence is the verdict.
func (r *Report) sentence() string {
	if r.Title != "" {
		return r.Title
	}
	return r.Says()
}

// Says is what the findings are in one sentence.
func (r *Report) Says() string {
	res := r.Result
	if len(res.Findings) == 0 {
		return fmt.Sprintf("nothing of the program's own grew over %d snapshots", len(res.Snapshots))
	}
	leaks := r.leaks()
	first := r.says(&res.Findings[0])
	switch {
	case leaks > 1:
		return fmt.Sprintf("%s; %d more below", first, leaks-1)
	case leaks == 0:
		return first + ", which is not enough to call it a leak"
	default:
		return first
	}
}

// leaks is how many findings are leaks.
func (r *Report) leaks() (n int) {
	for _, f := range r.Result.Findings {
		if f.Verdict == leak.Leaking {
			n++
		}
	}
	return n
}

func (r *Report) finding(d *document, i int) {
	f := &r.Result.Findings[i]
	heading := subject(f)
	if len(r.Result.Findings) > 1 {
		heading = fmt.Sprintf("%d. %s: %s", i+1, f.Verdict, heading)
	}
	d.add(block{heading: heading, level: 1, pairs: r.facts(f), frames: r.frames(f)})
	d.add(block{heading: "Why it is alive", level: 2, path: r.trace(f)})
	d.add(block{heading: "What to change", level: 2, lines: []string{f.Advice}, example: f.Example})
}

// facts is the evidence of a finding.
func (r *Report) facts(f *leak.Finding) [][2]string {
	var facts [][2]string
	say := func(name, format string, args ...any) {
		facts = append(facts, [2]string{name, fmt.Sprintf(format, args...)})
	}
	if at := r.place(f.Declared); at != "" {
		if f.Variable == "" {
			say("made at", "%s", at)
		} else {
			say("variable", "%s, %s", clean(f.Variable), at)
		}
	} else if f.Variable != "" {
		say("variable", "%s (its source is not in the snapshots)", clean(f.Variable))
	}
	if f.Grows != nil {
		say("grows at", "%s", r.place(*f.Grows))
	}
	if at := r.place(f.Made); at != "" && f.Variable != "" {
		say("members from", "%s", at)
	}
	if f.Allocated != nil {
		if at := r.place(*f.Allocated); at != "" {
			say("allocated at", "%s", at)
		}
	}
	if f.Thread != "" {
		say("thread", "%s", clean(f.Thread))
	}
	say("holder", "%s @%d, %s", clean(f.Container.Class), f.Container.ID, kindWord(f))
	if f.Sizes() {
		return append(facts, r.sizeFacts(f)...)
	}
	steps := make([]string, len(f.PerStep))
	for i, step := range f.PerStep {
		steps[i] = change(step)
	}
	say("members", "%s: %s (%s)", clean(f.Member.Class), arrows(f.Counts), strings.Join(steps, ", "))
	if f.PerRequest > 0 {
		say("per request", "%.2f, of %s requests a step", f.PerRequest, thousands(r.Result.Requests))
	}
	if f.Asked {
		say("counted by", "the program itself, after each round")
	} else {
		kept := make([]string, len(f.Survivors))
		for i, n := range f.Survivors {
			kept[i] = thousands(n)
		}
		say("new, still there", "%s, with %s objects below them", strings.Join(kept, " and "), thousands(f.Objects))
	}
	say("memory", "%s, of it %s by this alone", r.size(f.Share), r.size(f.Exclusive))
	say("references", "%s to the holder", plural(f.Retainers, "independent reference"))
	say("cause", "%s", f.Cause)
	say("sure because", "%s", f.Reason)
	if f.Verdict != leak.Leaking {
		facts[len(facts)-1][0] = "not sure because"
	}
	fingerprint := f.Fingerprint
	if f.Known {
		fingerprint += ", known: the baseline has it"
	}
	say("fingerprint", "%s", fingerprint)
	return facts
}

// sizeFacts is the rest of the evidence for an object that gets larger.
func (r *Report) sizeFacts(f *leak.Finding) [][2]string {
	sizes := make([]string, len(f.Counts))
	for i, n := range f.Counts {
		sizes[i] = r.size(uint64(n))
	}
	facts := [][2]string{{"size", strings.Join(sizes, " → ")}}
	if f.PerRequest > 0 {
		facts = append(facts, [2]string{"per request", fmt.Sprintf("%s, of %s requests a step", r.size(uint64(f.PerRequest)), thousands(r.Result.Requests))})
	}
	why := "sure because"
	if f.Verdict != leak.Leaking {
		why = "not sure because"
	}
	return append(facts, [][2]string{{"cause", string(f.Cause)}, {why, f.Reason}, {"fingerprint", f.Fingerprint}}...)
}

// trace is the retaining path of a finding.
func (r *Report) trace(f *leak.Finding) *trace {
	t := &trace{}
	for _, s := range f.Path {
		row := traceRow{object: clean(s.Object), status: string(s.Status), reason: clean(s.Reason), suspect: s.Suspect}
		ref := clean(s.Reference)
		cut := strings.LastIndexAny(ref, ".[ ")
		if cut < 0 {
			cut = 0
		}
		row.owner, row.member = ref[:cut], ref[cut:]
		if strings.HasPrefix(row.member, " ") {
			row.owner, row.member = row.owner+" ", row.member[1:]
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func (r *Report) place(p leak.Place) string {
	if p.File == "" {
		return ""
	}
	at := clean(strings.TrimPrefix(p.File, r.Root))
	if p.Line > 0 {
		at = fmt.Sprintf("%s:%d", at, p.Line)
	}
	if p.Function != "" {
		at += " in " + clean(p.Function) + "()"
	}
	if !p.Exact && p.Line > 0 {
		at += " (the nearest function; the source is not at hand)"
	}
	return at
}

func (r *Report) classes() *grid {
	g := &grid{head: []string{"class"}}
	for i := range r.Result.Snapshots {
		g.head = append(g.head, fmt.Sprintf("snapshot %d", i+1))
	}
	g.head = append(g.head, "growth")
	for _, c := range r.Result.Classes[:min(8, len(r.Result.Classes))] {
		row := []string{clean(c.Name)}
		for _, n := range c.Counts {
			row = append(row, thousands(n))
		}
		g.rows = append(g.rows, append(row, change(c.Counts[len(c.Counts)-1]-c.Counts[0])))
	}
	return g
}

func (r *Report) noise() *grid {
	g := &grid{head: []string{"what", "objects", "size"}}
	for _, n := range r.Result.Noise {
		g.rows = append(g.rows, []string{n.Kind, thousands(n.Objects), r.size(n.Bytes)})
	}
	return g
}

func arrows(counts []int) string {
	parts := make([]string, len(counts))
	for i, n := range counts {
		parts[i] = thousands(n)
	}
	return strings.Join(parts, " → ")
}

// clean makes text of a snapshot safe to print on one line.
func clean(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c >= 0x7F && c < 0xA0 || c >= 0x202A && c <= 0x202E || c == 0x2028 || c == 0x2029 || c >= 0x2066 && c <= 0x2069 {
			return '\uFFFD'
		}
		return c
	}, wtf8.Clean(s))
}

// kindWord is what the holder is, with its article where it needs one.
func kindWord(f *leak.Finding) string {
	switch f.Container.Kind {
	case "container", "linked list":
		return "a " + f.Container.Kind
	default:
		return f.Container.Kind
	}
}
