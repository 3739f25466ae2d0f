package stage

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/plumb-dev/plumb/internal/lab"
)

var comment = regexp.MustCompile(`^\s*// stage: *(.+?)\s*$`)

// Died adds to the stages of r what a recording of the same program saw die in
// each.
func (r *Report) Died(t *lab.Trace) {
	r.Node = t.Node
	stage := map[string]*Stage{}
	for i := range r.Stages {
		stage[r.Stages[i].Name] = &r.Stages[i]
	}
	names := stagesOf(t)
	for i := 1; i < len(t.Steps); i++ {
		// What a step finds dead died in the step before.
		name := names[i-1]
		s := stage[name]
		if s == nil {
			continue
		}
		for _, d := range t.Steps[i].Died {
			text := d.Class
			if len(d.Held) > 0 {
				text += fmt.Sprintf(" (had been held by %s)", strings.Join(d.Held, ", "))
			}
			s.Died = append(s.Died, text)
		}
	}
}

// stagesOf names the stage of each step: the mark that was passed last, be it a call
// of plumbStage or a comment.
func stagesOf(t *lab.Trace) []string {
	names := make([]string, len(t.Steps))
	now, called, commented := "(before the program)", "", ""
	for i := range t.Steps {
		s := &t.Steps[i]
		if name := above(t, s); name != commented {
			now, commented = name, name
		}
		if s.Stage != called {
			now, called = s.Stage, s.Stage
		}
		names[i] = now
	}
	return names
}

// above is the stage whose comment stands last before the line of the outermost
// frame.
func above(t *lab.Trace, s *lab.Step) string {
	frame := s.Frames[0]
	for _, f := range s.Frames {
		if f.Function != "globalThis" {
			frame = f
		}
	}
	name := ""
	for n, line := range strings.Split(t.Files[frame.File].Source, "\n") {
		if m := comment.FindStringSubmatch(line); m != nil && n+1 <= frame.Line {
			name = m[1]
		}
	}
	return name
}
