package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// width is where lines of text end.
const width = 80

func (r *Report) text(w io.Writer) error {
	out := bufio.NewWriter(w)
	d := r.build()
	for i, line := range wrap(d.verdict+": "+d.title, width) {
		if i > 0 {
			line = "  " + line
		}
		fmt.Fprintln(out, line)
	}
	for _, b := range d.blocks {
		textBlock(out, b)
	}
	return out.Flush()
}

func textBlock(w io.Writer, b block) {
	if b.heading != "" {
		fmt.Fprintf(w, "\n%s\n", b.heading)
	}
	for _, line := range b.lines {
		for _, part := range wrap(line, width-2) {
			fmt.Fprintln(w, "  "+part)
		}
	}
	longest := 0
	for _, p := range b.pairs {
		longest = max(longest, utf8.RuneCountInString(p[0]))
	}
	for _, p := range b.pairs {
		for i, part := range wrap(p[1], width-longest-4) {
			name := p[0]
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(w, "  %-*s  %s\n", longest, name, part)
		}
	}
	if b.chart != nil {
		textChart(w, b.chart)
	}
	if b.table != nil {
		textTable(w, b.table)
	}
	if b.path != nil {
		textPath(w, b.path)
	}
	for _, side := range b.sides() {
		fmt.Fprintf(w, "\n  %s\n", side[0])
		for line := range strings.Lines(side[1]) {
			fmt.Fprintln(w, "    "+strings.TrimSuffix(line, "\n"))
		}
	}
	for _, line := range b.code {
		fmt.Fprintln(w, "  "+line)
	}
}

func textTable(w io.Writer, g *grid) {
	widths := make([]int, len(g.head))
	for _, row := range append([][]string{g.head}, g.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	rest := width - 2
	for _, n := range widths[1:] {
		rest -= n + 2
	}
	widths[0] = min(widths[0], max(rest, 12))
	for _, row := range append([][]string{g.head}, g.rows...) {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", max(0, widths[i]-ansi.StringWidth(cell)))
			if i == 0 {
				cell = ansi.Truncate(cell, widths[0], "…")
				line.WriteString("  " + cell + pad)
			} else {
				line.WriteString("  " + pad + cell)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

// textPath draws a path after LeakCanary: objects from the root down, between
// them the references, a wave below those that may be the mistake.
func textPath(w io.Writer, t *trace) {
	fmt.Fprintln(w, "  ┬───")
	for i, row := range t.rows {
		mark, bar := "├─ ", "│"
		switch i {
		case 0:
			mark = "│  "
		case len(t.rows) - 1:
			mark, bar = "╰→ ", " "
		}
		for j, part := range wrap(row.object, width-5) {
			if j > 0 {
				mark = bar + "    "
			}
			fmt.Fprintln(w, "  "+mark+part)
		}
		if i > 0 {
			status := row.status
			if row.reason != "" {
				status += ": " + row.reason
			}
			for _, part := range wrap(status, width-8) {
				fmt.Fprintln(w, "  "+bar+"    "+part)
			}
		}
		if i == len(t.rows)-1 {
			break
		}
		if row.owner+row.member != "" {
			fmt.Fprintln(w, "  "+bar+"    ↓ "+row.owner+row.member)
		}
		if row.suspect {
			fmt.Fprintln(w, "  "+bar+"      "+strings.Repeat(" ", ansi.StringWidth(row.owner))+strings.Repeat("~", max(1, ansi.StringWidth(row.member))))
		}
	}
}

// wrap breaks text at blanks so that no line is longer, as far as words allow.
func wrap(s string, limit int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && ansi.StringWidth(line)+1+ansi.StringWidth(word) > limit {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
