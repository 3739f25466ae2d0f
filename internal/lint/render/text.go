package render

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/charmbracelet/x/ansi"

	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/rule"
)

// Text writes the result for people.
func (r *Report) Text(w io.Writer) error {
	out := bufio.NewWriter(w)
	r.line(out, "", "  ", r.paint(Strong, r.verdict()))
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Suppressed == "" {
			fmt.Fprintln(out)
			r.finding(out, f)
		}
	}
	r.suppressed(out)
	r.problems(out)
	r.skipped(out)
	r.next(out)
	return out.Flush()
}

func (r *Report) paint(s Style, text string) string {
	if r.Paint == nil {
		return text
	}
	return r.Paint(s, text)
}

// verdict counts what was found.
func (r *Report) verdict() string {
	counts := map[string]int{}
	files := map[string]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		switch {
		case f.Suppressed != "":
			counts["suppressed"]++
			continue
		case !f.Counts():
			counts["cleared suspicion"]++
			continue
		}
		counts[string(f.Severity)]++
		files[f.File] = true
	}
	var parts []string
	for _, noun := range []string{"error", "warning", "suspicion", "cleared suspicion"} {
		if n := counts[noun]; n > 0 {
			parts = append(parts, count(n, noun))
		}
	}
	switch {
	case len(parts) == 0 && r.Files == 0:
		return "Nothing was looked at."
	case len(parts) == 0:
		return fmt.Sprintf("No causes of leaks found in %s.", count(r.Files, "file"))
	}
	return fmt.Sprintf("%s in %d of %s.", strings.Join(parts, ", "), max(len(files), 1), count(r.Files, "file"))
}

var styles = map[rule.Severity]Style{rule.Error: Alarm, rule.Warning: Notice, rule.Suspicion: Notice}

func (r *Report) finding(out io.Writer, f *lint.Finding) {
	severity := r.paint(styles[f.Severity], string(f.Severity))
	if !f.Counts() {
		severity = r.paint(Faint, "cleared")
	}
	r.line(out, "", "  ", fmt.Sprintf("%s: %s: %s %s", r.paint(Strong, fmt.Sprintf("%s:%d:%d", clean(f.File), f.Line, f.Column)),
		severity, clean(f.Message), r.paint(Faint, "("+f.Rule+")")))
	last := f.Code
	digits := 1
	if len(last) > 0 {
		digits = len(fmt.Sprint(last[len(last)-1].Number))
	}
	for _, l := range f.Code {
		mark := "  "
		if l.Number == f.Line {
			mark = "> "
		}
		r.code(out, fmt.Sprintf("  %s%*d | ", mark, digits, l.Number), l, f)
	}
	if f.Declared.Line > 0 && (f.Declared.Line != f.Line || f.Declared.File != f.File) {
		where := fmt.Sprintf("line %d", f.Declared.Line)
		if f.Declared.File != f.File {
			where = fmt.Sprintf("%s:%d", clean(f.Declared.File), f.Declared.Line)
		}
		r.line(out, "    ", "", r.paint(Faint, fmt.Sprintf("%s is declared in %s", clean(cmp.Or(f.Variable, f.Name)), where)))
	}
	if f.Evidence != nil {
		r.line(out, "    ", "", Evidence(f.Evidence))
	}
}

// code writes one line of a frame, and the mark below the place. A long line is
// cut around it.
func (r *Report) code(out io.Writer, head string, l lint.Line, f *lint.Finding) {
	limit := 200
	if r.Width > 0 {
		limit = max(min(limit, r.Width-len(head)), 8)
	}
	before, rest := "", l.Text
	if l.Column > 0 {
		at := offset(l.Text, l.Column)
		before, rest = l.Text[:at], l.Text[at:]
	}
	before, rest = shown(before), shown(rest)
	if over := ansi.StringWidth(before) - limit/2; over > 0 && ansi.StringWidth(before+rest) > limit {
		before = ansi.TruncateLeft(before, over, "…")
	}
	fmt.Fprintln(out, r.paint(Faint, head)+ansi.Truncate(before+rest, limit, "…"))
	if l.Column == 0 {
		return
	}
	column := ansi.StringWidth(before)
	name := ansi.StringWidth(rest[:offset(rest, f.Length+1)])
	marks := strings.Repeat("^", max(1, min(name, limit-column)))
	fmt.Fprintln(out, r.paint(Faint, strings.Repeat(" ", len(head)-2)+"| ")+strings.Repeat(" ", column)+r.paint(styles[f.Severity], marks))
}

// shown is text of a file as it stands in a frame.
func shown(s string) string { return clean(strings.ReplaceAll(s, "\t", "  ")) }

// offset is where a column, which counts UTF-16 units from 1, begins in a line.
func offset(line string, column int) int {
	for i, c := range line {
		if column <= 1 {
			return i
		}
		column -= utf16.RuneLen(c)
	}
	return len(line)
}

// Evidence says what snapshots show of a suspect.
func Evidence(e *lint.Evidence) string {
	switch e.Verdict {
	case lint.Confirmed:
		parts := make([]string, len(e.Counts))
		for i, n := range e.Counts {
			parts[i] = fmt.Sprint(n)
		}
		text := "confirmed by the snapshots: it grew"
		if len(parts) > 0 {
			text += ", " + strings.Join(parts, " → ")
		}
		if e.PerRequest > 0 {
			text += fmt.Sprintf(", %.4g per request", e.PerRequest)
		}
		return text
	case lint.Cleared:
		return "cleared by the snapshots: it is there and did not grow"
	default:
		return "not seen in the snapshots: the code did not run, or what it keeps was not to be told apart"
	}
}

func (r *Report) suppressed(out io.Writer) {
	first := true
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Suppressed == "" {
			continue
		}
		if first {
			fmt.Fprintln(out, "\nSuppressed by comments")
			first = false
		}
		r.line(out, "  ", "  ", fmt.Sprintf("%s:%d: %s: %s", clean(f.File), f.Line, f.Rule, clean(f.Suppressed)))
	}
}

func (r *Report) problems(out io.Writer) {
	if len(r.Problems) == 0 {
		return
	}
	fmt.Fprintln(out)
	r.line(out, "", "", "Not looked at, or not as asked")
	for _, p := range r.Problems {
		where := clean(p.File)
		if p.Line > 0 {
			where = fmt.Sprintf("%s:%d:%d", where, p.Line, max(p.Column, 1))
		}
		r.line(out, "  ", "  ", where+": "+clean(p.Reason))
	}
}

func (r *Report) skipped(out io.Writer) {
	var parts []string
	for _, why := range slices.Sorted(maps.Keys(r.Skipped)) {
		parts = append(parts, fmt.Sprintf("%d %s", r.Skipped[why], why))
	}
	if len(parts) > 0 {
		fmt.Fprintln(out)
		r.line(out, "", "", r.paint(Faint, "Left out, files and folders: "+strings.Join(parts, ", ")+". What is named on the command line is looked at all the same."))
	}
}

// next is what would prove a finding wrong, and what to run.
func (r *Report) next(out io.Writer) {
	var first *lint.Finding
	suspicions := false
	for i := range r.Findings {
		f := &r.Findings[i]
		if !f.Counts() {
			continue
		}
		if first == nil {
			first = f
		}
		suspicions = suspicions || f.Severity == rule.Suspicion
	}
	if first == nil {
		return
	}
	fmt.Fprintln(out)
	if suspicions && !r.Asked {
		r.line(out, "", "", "A suspicion is no leak yet: it leaks when that line runs often enough. Snapshots confirm or clear it:")
		fmt.Fprintf(out, "  plumb hunt -- node app.js\n  plumb lint %s --snapshots before.heapsnapshot after.heapsnapshot\n", clean(first.File))
	}
	why, command := "Why, when it is fine, and how to mend it:", "plumb lint --explain "+first.Rule
	if r.Width > 0 && len(why)+1+len(command) > r.Width {
		r.line(out, "", "", why)
		why = " "
	}
	fmt.Fprintf(out, "%s %s\n", why, command)
}

// line writes text that is broken at blanks where the terminal ends; what
// follows the first line stands hang columns farther in.
func (r *Report) line(out io.Writer, indent, hang, text string) {
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = indent + word
		case r.Width > 0 && ansi.StringWidth(line)+1+ansi.StringWidth(word) > r.Width:
			fmt.Fprintln(out, line)
			line = indent + hang + word
		default:
			line += " " + word
		}
	}
	fmt.Fprintln(out, line)
}

// clean keeps what a file holds from moving the cursor.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029 {
			return '\ufffd'
		}
		return r
	}, s)
}
