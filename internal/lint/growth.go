package lint

import (
	"context"
	"path/filepath"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/files"
	"github.com/plumb-dev/plumb/internal/lint/flow"
	"github.com/plumb-dev/plumb/internal/lint/rule"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Suspect is a variable or property that is known to grow.
type Suspect struct {
	Variable string
	File     string // where it is declared
	Line     int
	Global   bool // a property of the global object
}

// Growth finds in a text the place that makes a suspect grow: what a rule
// reports, or else the first place that adds to it, rather one that runs once
// per request. It is false when there is none, or the text cannot be looked at.
func Growth(path, text string, s Suspect) (syntax.Position, bool) {
	at, err := within(context.Background(), maxTime, func() (syntax.Position, error) { return growth(path, text, s) })
	return at, err == nil && at.Line > 0
}

func growth(path, text string, s Suspect) (syntax.Position, error) {
	var kinds files.Kinds
	u, err := newUnit(path, text, kinds.Of(path))
	if err != nil {
		return syntax.Position{}, err
	}
	u.imports = &imports{kinds: &kinds}
	for _, f := range rule.Check(u.flow, u) {
		declared := f.In
		if declared == "" {
			declared = path
		}
		if !elsewhere[f.Rule] && f.Variable == s.Variable && f.Declared.Line == s.Line && filepath.Clean(declared) == filepath.Clean(s.File) {
			return f.At, nil
		}
	}
	return u.firstGrowth(path, s), nil
}

// elsewhere are rules that report another line than that which adds.
var elsewhere = map[string]bool{"accidental-global": true, "timer-closure-grows": true}

func (u *unit) firstGrowth(path string, s Suspect) syntax.Position {
	var uses []flow.Use
	if s.Global {
		uses = u.flow.UsesOfGlobal(s.Variable)
	}
	for _, box := range u.flow.Containers() {
		if name := box.Last(); name != s.Variable || path != s.File {
			continue
		}
		if at, ok := u.file.At(box.At); ok && at.Line == s.Line {
			for _, use := range box.Uses {
				if box.Grows(use) {
					uses = append(uses, use)
				}
			}
		}
	}
	if len(uses) == 0 && path == s.File {
		uses = u.flow.UsesOfProperty(s.Variable, func(ast.Expression) bool { return true })
	}
	var first syntax.Position
	for _, use := range uses {
		if use.Effect != flow.Grows {
			continue
		}
		at, ok := u.file.At(use.Node.Idx0())
		if !ok {
			continue
		}
		if u.flow.PerRequest(use.Site) {
			return at
		}
		if first.Line == 0 {
			first = at
		}
	}
	return first
}
