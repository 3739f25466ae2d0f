//go:build unix

package main

import (
	"fmt"
	"io"
)

// report prints one file's row of the first table as soon as it is measured.
func report(w io.Writer, r result, first bool) {
	if first {
		fmt.Fprintf(w, "%-22sseconds per GB of file: on the clock, of all processors\n", "")
		fmt.Fprintf(w, "%-20s  %11s  %11s  %11s  %11s  %11s  peak RSS\n", "", "read", "distances", "dominators", "classes", "process")
		fmt.Fprintf(w, "%-14s %5s", "file", "GB")
		for range len(phases) + 1 {
			fmt.Fprintf(w, "  %5s %5s", "wall", "CPU")
		}
		fmt.Fprintln(w, "     /file")
	}
	fmt.Fprintf(w, "%-14s %5.2f", r.name(), r.gb())
	pair := func(s span) { fmt.Fprintf(w, "  %5.2f %5.2f", s.Wall/r.gb(), s.CPU/r.gb()) }
	for _, p := range phases {
		pair(r.Open.Phases[p])
	}
	pair(r.Total.span)
	fmt.Fprintf(w, "  %8.2f\n", float64(r.Total.RSS)/float64(r.Bytes))
}

// summary prints the other tables: memory, the index and the peers.
func summary(w io.Writer, results []result) {
	fmt.Fprintf(w, "\n%-14s %8s %8s  %20s  %11s  %6s  %22s\n", "",
		"nodes", "edges", "anonymous memory", "write index", "index", fmt.Sprintf("re-open to top %d", topClasses))
	fmt.Fprintf(w, "%-14s %8s %8s  %6s %6s %6s  %11s  %6s  %7s %6s %7s\n", "file",
		"million", "million", "GB", "B/node", "B/edge", "CPU s/GB", "/file", "wall ms", "CPU ms", "RSS MB")
	for _, r := range results {
		o := r.Open
		anon := float64(o.Anonymous)
		fmt.Fprintf(w, "%-14s %8.2f %8.2f  %6.2f %6.1f %6.1f", r.name(),
			float64(o.Nodes)/1e6, float64(o.Edges)/1e6, anon/1e9, anon/float64(o.Nodes), anon/float64(o.Edges))
		if r.IndexBytes == 0 {
			fmt.Fprintln(w, "  no index was written")
			continue
		}
		write := r.Index.Classes.CPU + r.Index.Close.CPU
		again := span{r.Reopen.Open.Wall + r.Reopen.Classes.Wall, r.Reopen.Open.CPU + r.Reopen.Classes.CPU}
		fmt.Fprintf(w, "  %11.2f  %6.2f  %7.1f %6.1f %7.1f\n", write/r.gb(),
			float64(r.IndexBytes)/float64(r.Bytes), again.Wall*1e3, again.CPU*1e3, float64(r.ReopenRSS)/1e6)
	}
	fmt.Fprintln(w, "B/node and B/edge: all of the memory over the nodes, and all of it over the edges.")

	fmt.Fprintf(w, "\n%-14s %-15s %24s  %24s\n", "", "", "process", "times as much as plumb")
	fmt.Fprintf(w, "%-14s %-15s %8s %7s %7s  %8s %7s %7s\n", "file", "engine", "wall s", "CPU s", "RSS GB", "wall", "CPU", "RSS")
	for _, r := range results {
		line := func(name string, u usage) {
			fmt.Fprintf(w, "%-14s %-15s %8.2f %7.2f %7.2f", r.name(), name, u.Wall, u.CPU, float64(u.RSS)/1e9)
		}
		line("plumb", r.Total)
		fmt.Fprintln(w)
		for _, p := range r.Peers {
			if p.Failed != "" {
				fmt.Fprintf(w, "%-14s %-15s %s\n", r.name(), p.Name, p.Failed)
				continue
			}
			line(p.Name, p.usage)
			fmt.Fprintf(w, "  %8.1f %7.1f %7.1f\n", p.Wall/r.Total.Wall, p.CPU/r.Total.CPU, float64(p.RSS)/float64(r.Total.RSS))
		}
	}
}
