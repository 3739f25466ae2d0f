// Package evidence joins what the sources suggest with what snapshots show.
//
// In one direction, [Judge] says of every suspect of package lint whether it is
// confirmed (package leak found that it grew), cleared (it is in the snapshots,
// holds something, and did not grow) or not seen. A confirmed suspicion becomes
// an error. In the other, [Explain] gives every finding of package leak the line
// that makes it grow: the push in the handler, where the heap knows no more than
// the variable's declaration. [Sources] does the first for a comparison of
// snapshots by itself, on the files that the program has loaded.
//
// Both join by the place of a declaration: file, line, name. A file is the same
// when its path is, or when the snapshots were taken on another machine and their
// path ends with that of the source.
package evidence

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/rule"
)

// Names are what to look for in the snapshots ([leak.Options.Names]).
func Names(findings []lint.Finding) []string {
	var names []string
	for _, f := range findings {
		if f.Variable != "" && !slices.Contains(names, f.Variable) {
			names = append(names, f.Variable)
		}
	}
	return names
}

// Judge gives each finding its evidence. Seen must have been searched for
// [Names].
func Judge(findings []lint.Finding, seen *leak.Result) {
	for i := range findings {
		f := &findings[i]
		if f.Rule == "const-reassigned" {
			continue // it throws; nothing of it is in a heap
		}
		f.Evidence = judge(f, seen)
		if f.Evidence.Verdict == lint.Confirmed {
			f.Severity = rule.Error
		}
	}
}

func judge(f *lint.Finding, seen *leak.Result) *lint.Evidence {
	for i := range seen.Findings {
		g := &seen.Findings[i]
		if g.Verdict == leak.Leaking && About(f, g) {
			return &lint.Evidence{Verdict: lint.Confirmed, Counts: g.Counts, PerRequest: g.PerRequest, Bytes: g.Share}
		}
	}
	verdict := &lint.Evidence{Verdict: lint.NotSeen}
	if !holds[f.Rule] {
		return verdict // listeners, promises and timers have no members to count
	}
	for _, s := range seen.Sightings {
		if s.Variable != f.Variable || !same(f.Declared, s.Declared) {
			continue
		}
		last := len(s.Counts) - 1
		if s.Grew() || s.Counts[last] == 0 && f.Rule != "accidental-global" {
			return &lint.Evidence{Verdict: lint.NotSeen, Counts: s.Counts}
		}
		verdict = &lint.Evidence{Verdict: lint.Cleared, Counts: s.Counts}
	}
	return verdict
}

// holds are the rules whose suspects are collections.
var holds = map[string]bool{
	"grow-only-collection": true, "unbounded-cache": true, "timer-closure-grows": true, "slice-keeps-parent": true,
	"global-as-store": true, "accidental-global": true,
}

// About says whether a finding of the snapshots is about the suspect: what it
// declares, or the callback that it starts. Of a global, the name is enough.
func About(f *lint.Finding, g *leak.Finding) bool {
	if f.Rule == "accidental-global" || f.Rule == "global-as-store" {
		return g.Variable == f.Variable && strings.HasPrefix(g.Container.Name, "globalThis.")
	}
	if same(f.Declared, g.Declared) {
		return g.Variable == f.Variable || g.Variable == "" || f.Variable == ""
	}
	if holds[f.Rule] {
		return false
	}
	// A callback is told by its own place: the heap may know the emitter or the
	// promise by another name.
	return f.Variable == "" && same(f.Declared, g.Made) || same(lint.Place{File: f.File, Line: f.Line}, g.Made)
}

// same says whether two places are one line.
func same(source lint.Place, p leak.Place) bool {
	return source.Line > 0 && source.Line == p.Line && sameFile(source.File, p.File)
}

func sameFile(source, seen string) bool {
	if source == "" || seen == "" {
		return false
	}
	absolute, err := filepath.Abs(source)
	if err != nil {
		return false
	}
	if resolved, err := filepath.EvalSymlinks(absolute); err == nil && resolved == seen || absolute == seen {
		return true
	}
	if _, err := os.Stat(seen); err == nil {
		return false // it is here, and another one
	}
	return strings.HasSuffix(filepath.ToSlash(seen), "/"+strings.TrimLeft(filepath.ToSlash(filepath.Clean(source)), "./"))
}
