package loadcmd

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/load"
)

// printLoad shows a report in the layout of npm's loadtest, which people who
// load Node.js servers know, with percentiles to the microsecond.
func printLoad(ui *terminal.UI, plan *load.Plan, r *load.Report) error {
	return ui.Print(terminal.Result{
		Text:  func(w io.Writer) error { return writeLoad(ui, w, plan, r) },
		JSON:  r,
		Table: percentileTable(r),
	})
}

func writeLoad(ui *terminal.UI, w io.Writer, plan *load.Plan, r *load.Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", loadVerdict(r))
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "%-20s %s\n", label, terminal.Printable(fmt.Sprintf(format, args...)))
	}
	for i, t := range r.Targets {
		label := "Target URL:"
		if i > 0 {
			label = ""
		}
		if len(r.Targets) > 1 {
			line(label, "%s %s (%s)", t.Method, t.URL, terminal.Plural(t.Requests, "request"))
		} else {
			line(label, "%s", t.URL)
		}
	}
	if plan.Requests > 0 {
		line("Max requests:", "%s", terminal.Thousands(plan.Requests))
	}
	if plan.Duration > 0 {
		line("Max time (s):", "%s", decimal(plan.Duration.Seconds()))
	}
	if plan.RPS > 0 {
		line("Target rps:", "%s", decimal(plan.RPS))
	}
	line("Concurrent clients:", "%s", terminal.Thousands(int64(plan.Connections)))
	agent := "none"
	if plan.KeepAlive {
		agent = "keepalive"
	}
	line("Agent:", "%s", agent)
	b.WriteByte('\n')
	line("Completed requests:", "%s", terminal.Thousands(r.Completed))
	if r.Unfinished > 0 {
		line("Unfinished:", "%s", terminal.Thousands(r.Unfinished))
	}
	line("Total errors:", "%s", terminal.Thousands(r.Failed))
	line("Total time:", "%.3f s", r.Seconds)
	if r.Completed > 0 {
		line("Mean latency:", "%s", milliseconds(r.Latency.Mean))
	}
	line("Effective rps:", "%s", terminal.Thousands(int64(r.Rate+0.5)))
	line("Received:", "%s", ui.Size(r.BytesReceived))
	writeStatuses(&b, r)
	writePercentiles(&b, r)
	writeErrors(&b, r)
	_, err := io.WriteString(w, b.String())
	return err
}

// loadVerdict is the run in a sentence.
func loadVerdict(r *load.Report) string {
	s := fmt.Sprintf("%s in %.2f s, %s per second", terminal.Plural(r.Completed, "request"), r.Seconds, terminal.Thousands(int64(r.Rate+0.5)))
	if r.Failed > 0 {
		s += ", " + terminal.Plural(r.Failed, "error")
	}
	if r.Interrupted {
		s += ", then interrupted"
	}
	return s + "."
}

// writeStatuses lists status codes where there is more to say than 200.
func writeStatuses(b *strings.Builder, r *load.Report) {
	if len(r.StatusCodes) == 0 || len(r.StatusCodes) == 1 && r.StatusCodes[200] > 0 {
		return
	}
	var counts []string
	for _, code := range slices.Sorted(maps.Keys(r.StatusCodes)) {
		counts = append(counts, fmt.Sprintf("%s with %d", terminal.Thousands(r.StatusCodes[code]), code))
	}
	fmt.Fprintf(b, "%-20s %s\n", "Status codes:", strings.Join(counts, ", "))
}

// percentile is one line of the distribution of latencies.
type percentile struct {
	percent float64
	micros  int64
}

func percentiles(l load.Latency) []percentile {
	return []percentile{
		{50, l.P50}, {75, l.P75}, {90, l.P90}, {95, l.P95}, {99, l.P99}, {99.9, l.P999}, {99.99, l.P9999}, {100, l.Max},
	}
}

func writePercentiles(b *strings.Builder, r *load.Report) {
	if r.Completed == 0 {
		return
	}
	b.WriteString("\nServed within\n")
	for _, p := range percentiles(r.Latency) {
		name := decimal(p.percent) + "%"
		value := milliseconds(float64(p.micros))
		fmt.Fprintf(b, "%7s  %14s", name, value)
		if p.percent == 100 {
			b.WriteString(" (the longest)")
		}
		b.WriteByte('\n')
	}
}

func percentileTable(r *load.Report) *terminal.Table {
	t := &terminal.Table{
		Columns: []terminal.Column{{Key: "percentile"}, {Key: "microseconds"}},
		Empty:   "no request was answered",
	}
	if r.Completed > 0 {
		for _, p := range percentiles(r.Latency) {
			t.Rows = append(t.Rows, []any{p.percent, p.micros})
		}
	}
	return t
}

// longestExample is how much of an error's message is shown, in characters.
const longestExample = 100

func writeErrors(b *strings.Builder, r *load.Report) {
	if r.Failed == 0 {
		return
	}
	b.WriteString("\nErrors\n")
	for _, e := range r.Errors {
		fmt.Fprintf(b, "%9s  %s", terminal.Thousands(e.Count), e.Kind)
		if example := []rune(terminal.Printable(e.Example)); len(example) > longestExample {
			fmt.Fprintf(b, ": %s…", string(example[:longestExample]))
		} else if len(example) > 0 {
			fmt.Fprintf(b, ": %s", string(example))
		}
		b.WriteByte('\n')
	}
}

// milliseconds writes microseconds in loadtest's unit, exactly.
func milliseconds(us float64) string { return strconv.FormatFloat(us/1000, 'f', 3, 64) + " ms" }

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
