//go:build unix

package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// table is the score of one version of Node.js.
type table struct {
	version string
	rows    []*row
}

// row is the score of one example over all hunts.
type row struct {
	name                      string
	leaks, hunts              int // leaks that the example has
	found, named, line, cause int
	clean                     bool // the twin, every time
	extra                     bool // a leak was named that is none
	seconds                   []float64
	remarks                   []string
}

func (r *row) remark(format string, args ...any) {
	r.remarks = append(r.remarks, fmt.Sprintf(format, args...))
}

func (r *row) of() int { return r.leaks * r.hunts }

func (t *table) head() string {
	return fmt.Sprintf("  %-20s %7s %7s %7s %7s %7s %8s", "example", "found", "named", "line", "cause", "twin", "seconds")
}

func (r *row) String() string {
	share := func(n int) string {
		if r.of() == 0 {
			return "-"
		}
		return fmt.Sprintf("%d/%d", n, r.of())
	}
	text := fmt.Sprintf("  %-20s %7s %7s %7s %7s %7s %8.1f", r.name, share(r.found), share(r.named), share(r.line), share(r.cause), r.twin(), r.mean())
	for _, remark := range r.remarks {
		text += "\n    " + remark
	}
	return text
}

func (r *row) twin() string {
	if r.clean {
		return "clean"
	}
	return "BLAMED"
}

// mean is the time of one hunt.
func (r *row) mean() float64 {
	sum := 0.0
	for _, s := range r.seconds {
		sum += s
	}
	return sum / float64(max(1, len(r.seconds)))
}

// sum is the last line of a table.
func (t *table) sum() *row {
	total := &row{name: "all", leaks: 1, clean: true}
	for _, r := range t.rows {
		total.hunts += r.of()
		total.found, total.named = total.found+r.found, total.named+r.named
		total.line, total.cause = total.line+r.line, total.cause+r.cause
		total.clean = total.clean && r.clean
		total.seconds = append(total.seconds, r.seconds...)
	}
	return total
}

// meetsBar holds what the project promises: everything found, no twin blamed,
// 95 % named with the right line.
func meetsBar(tables []*table) bool {
	for _, t := range tables {
		s := t.sum()
		if s.found < s.of() || !s.clean || s.line*100 < s.of()*95 {
			return false
		}
		if slices.ContainsFunc(t.rows, func(r *row) bool { return r.extra }) {
			return false
		}
	}
	return true
}

// summary has one line for each version.
func summary(tables []*table, runs int, took time.Duration) string {
	var b strings.Builder
	b.WriteString("| Node.js | found | named | line right | cause right | twins clean | a hunt takes |\n|---|---:|---:|---:|---:|---:|---:|\n")
	for _, t := range tables {
		s := t.sum()
		share := func(n int) string { return fmt.Sprintf("%d of %d", n, s.of()) }
		clean := 0
		for _, r := range t.rows {
			if r.clean {
				clean++
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %d of %d | %.1f s |\n",
			t.version, share(s.found), share(s.named), share(s.line), share(s.cause), clean, len(t.rows), s.mean())
	}
	fmt.Fprintf(&b, "\nHunts in each server: %d. All of it took %.0f minutes.\n", runs, took.Minutes())
	return b.String()
}

// document is docs/results.md.
func document(tables []*table, summary string) string {
	var b strings.Builder
	b.WriteString("# Results\n\nWritten by `make leaks`: `plumb hunt` with its defaults over every server in\n" +
		"`examples/leaks`, and over its twin without the mistake. *Found* is a verdict of\na leak, *named* the right variable, *line* its declaration, *cause* the kind of\n" +
		"mistake; a twin is *clean* when every hunt in it ends with \"no leak\".\n\n")
	b.WriteString(summary)
	for _, t := range tables {
		fmt.Fprintf(&b, "\n## Node.js %s\n\n| example | found | named | line | cause | twin | seconds |\n|---|---:|---:|---:|---:|---|---:|\n", t.version)
		for _, r := range t.rows {
			cells := make([]string, 0, 4)
			for _, n := range []int{r.found, r.named, r.line, r.cause} {
				cells = append(cells, fmt.Sprintf("%d/%d", n, r.of()))
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %.1f |\n", r.name, strings.Join(cells, " | "), r.twin(), r.mean())
			for _, remark := range r.remarks {
				fmt.Fprintf(&b, "| | | | | | %s | |\n", strings.ReplaceAll(remark, "|", "\\|"))
			}
		}
	}
	return b.String()
}
