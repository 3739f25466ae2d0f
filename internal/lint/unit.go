package lint

import (
	"context"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/plumb-dev/plumb/internal/lint/files"
	"github.com/plumb-dev/plumb/internal/lint/flow"
	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// unit is one file with what the rules ask about its surroundings.
type unit struct {
	path    string
	file    *syntax.File
	flow    *flow.Flow
	globals []string
	said    map[string]bool // by /* global a, b */
	imports *imports
}

func newUnit(path, text string, kind syntax.Kind) (*unit, error) {
	f, err := syntax.Parse(path, text, kind)
	if err != nil {
		return nil, err
	}
	return &unit{path: path, file: f, flow: flow.New(f, scope.Analyze(f)), said: declaredGlobals(text)}, nil
}

// Global says whether a name is meant to be global.
func (u *unit) Global(name string) bool {
	return known[name] || u.said[name] || slices.Contains(u.globals, name)
}

// Import is the file that a relative specifier names.
func (u *unit) Import(specifier string) *flow.Flow {
	if u.imports == nil {
		return nil
	}
	path := u.imports.find(modulePath(u.path, specifier))
	if path == "" {
		return nil
	}
	once, _ := u.imports.known.LoadOrStore(path, sync.OnceValue(func() *flow.Flow { return u.imports.read(path) }))
	return once.(func() *flow.Flow)()
}

// imports reads files that others import, each once.
type imports struct {
	kinds *files.Kinds
	known sync.Map // of func() *flow.Flow by path
}

// endings are what an import may leave out, or write as it is after compiling.
var endings = []string{"", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx", "/index.js", "/index.ts", "/index.mjs"}

// find is the file that a path without its ending means, "" for none.
func (i *imports) find(base string) string {
	if base == "" {
		return ""
	}
	bases := []string{base}
	if stem, ok := strings.CutSuffix(base, ".js"); ok {
		bases = append(bases, stem)
	}
	for _, base := range bases {
		for _, ending := range endings {
			path := base + ending
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path
			}
		}
	}
	return ""
}

func (i *imports) read(path string) *flow.Flow {
	// Who imports it has a limit of its own, which this must not use up.
	u, err := within(context.Background(), maxTime/4, func() (*unit, error) {
		text, err := readFile(path)
		if err != nil {
			return nil, err
		}
		return newUnit(path, text, i.kinds.Of(path))
	})
	if err != nil {
		return nil
	}
	return u.flow
}
