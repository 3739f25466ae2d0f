package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

func (r *Report) markdown(w io.Writer) error {
	out := bufio.NewWriter(w)
	d := r.build()
	fmt.Fprintf(out, "# %s: %s\n", d.verdict, inMarkdown(d.title))
	for _, b := range d.blocks {
		markdownBlock(out, b)
	}
	return out.Flush()
}

func markdownBlock(w io.Writer, b block) {
	if b.heading != "" {
		fmt.Fprintf(w, "\n%s %s\n", strings.Repeat("#", b.level+1), inMarkdown(b.heading))
	}
	for _, line := range b.lines {
		fmt.Fprintf(w, "\n%s\n", inMarkdown(line))
	}
	if len(b.pairs) > 0 {
		fmt.Fprintln(w, "\n| | |\n|---|---|")
		for _, p := range b.pairs {
			fmt.Fprintf(w, "| %s | %s |\n", p[0], inMarkdown(p[1]))
		}
	}
	if b.chart != nil {
		fmt.Fprintln(w, "\n````")
		textChart(w, b.chart)
		fmt.Fprintln(w, "````")
	}
	if b.table != nil {
		fmt.Fprintf(w, "\n%s\n|---|%s\n", markdownRow(b.table.head), strings.Repeat("---:|", len(b.table.head)-1))
		for _, row := range b.table.rows {
			fmt.Fprintln(w, markdownRow(row))
		}
	}
	if b.path != nil {
		fmt.Fprintln(w, "\n````")
		textPath(w, b.path)
		fmt.Fprintln(w, "````")
	}
	for _, side := range b.sides() {
		fmt.Fprintf(w, "\n%s\n\n````js\n%s\n````\n", side[0], side[1])
	}
	if len(b.code) > 0 {
		fmt.Fprintf(w, "\n````sh\n%s\n````\n", strings.Join(b.code, "\n"))
	}
}

func markdownRow(cells []string) string {
	var row strings.Builder
	row.WriteByte('|')
	for _, c := range cells {
		row.WriteString(" " + inMarkdown(c) + " |")
	}
	return row.String()
}

// inMarkdown takes its meaning from text that came out of a snapshot.
func inMarkdown(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "#", `\#`).Replace(s)
}
