package report

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
)

// Frame is the code around a line, as the file is now.
type Frame struct {
	What  string   `json:"what" doc:"what is at the line"`
	File  string   `json:"file"`
	Line  int      `json:"line" doc:"the one that is meant"`
	First int      `json:"first" doc:"number of the first of the lines"`
	Lines []string `json:"lines"`
}

// around is how many lines a frame has before and after its own.
const around = 3

// longest is how much of a line is shown: a bundle may be one line.
const longest = 200

// frames are the code where a finding's variable is, and where it grows.
func (r *Report) frames(f *leak.Finding) (list []Frame) {
	add := func(what string, p leak.Place) {
		if frame, ok := r.frame(what, p); ok && !slices.ContainsFunc(list, func(other Frame) bool { return other.File == frame.File && other.Line == frame.Line }) {
			list = append(list, frame)
		}
	}
	if f.Grows != nil {
		add("it grows here", *f.Grows)
	}
	if f.Variable == "" {
		add("it is made here", f.Declared)
	} else {
		add("the variable", f.Declared)
	}
	return list
}

func (r *Report) frame(what string, p leak.Place) (Frame, bool) {
	if r.Source == nil || p.Line < 1 || !isScript(p.File) {
		return Frame{}, false
	}
	text, err := r.Source(p.File)
	if err != nil {
		return Frame{}, false
	}
	all := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	if p.Line > len(all) {
		return Frame{}, false // it is another file by now
	}
	first := max(p.Line-around, 1)
	frame := Frame{What: what, File: clean(strings.TrimPrefix(p.File, r.Root)), Line: p.Line, First: first}
	for _, line := range all[first-1 : min(p.Line+around, len(all))] {
		if runes := []rune(line); len(runes) > longest {
			line = string(runes[:longest]) + "…"
		}
		frame.Lines = append(frame.Lines, clean(strings.ReplaceAll(line, "\t", "    ")))
	}
	return frame, true
}

// isScript tells whether a name is that of a script. A snapshot of somebody else's may
// name any file of this machine.
func isScript(name string) bool {
	return slices.Contains([]string{".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx", ".vue", ".svelte"}, strings.ToLower(filepath.Ext(name)))
}
