// Package files finds the sources that people wrote below some paths.
//
// Left out are what git ignores (.gitignore, .git/info/exclude), dependencies,
// tests, hidden folders, declarations of types, minified files and what the
// configuration says; how many of each is counted. What the user names is taken
// whatever it is. Links to folders are not followed, so nothing is met twice.
//
// The package reads folders and the files that say what to leave out; the
// sources themselves are the caller's to read.
package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// Options say what to look at below the paths.
type Options struct {
	Only   []string // globs, relative to Base; none means all
	Ignore []string // globs, relative to Base
	Base   string   // the folder of the configuration
}

// List is what was found.
type List struct {
	Files   []string
	Skipped map[string]int // why, and how many files and folders
}

// sources are the endings of JavaScript and what compiles to it.
var sources = map[string]bool{
	".js": true, ".mjs": true, ".cjs": true, ".jsx": true, ".ts": true, ".mts": true, ".cts": true, ".tsx": true,
}

// Source says whether a path has the ending of a source file.
func Source(path string) bool { return sources[strings.ToLower(filepath.Ext(path))] }

// Find lists the sources below the paths, sorted, each once. It fails when a
// path cannot be read, or ctx is done.
func Find(ctx context.Context, paths []string, o Options) (*List, error) {
	w := &walk{ctx: ctx, Options: o, list: List{Skipped: map[string]int{}}}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("find sources: %w", err)
		}
		if !info.IsDir() {
			w.list.Files = append(w.list.Files, filepath.Clean(path))
			continue
		}
		if err := w.root(filepath.Clean(path)); err != nil {
			return nil, fmt.Errorf("find sources: %w", err)
		}
	}
	slices.Sort(w.list.Files)
	w.list.Files = slices.Compact(w.list.Files)
	return &w.list, nil
}

type walk struct {
	Options
	ctx  context.Context
	list List
	top  string // the folder that paths of the patterns are relative to
}

// root walks one folder that the user named.
func (w *walk) root(dir string) error {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if resolved, err := filepath.EvalSymlinks(absolute); err == nil {
		absolute = resolved
	}
	var patterns []gitignore.Pattern
	w.top, patterns = above(absolute)
	if len(patterns) > 0 && gitignore.NewMatcher(patterns).Match(w.parts(absolute), true) {
		patterns = nil // it was named all the same
	}
	return w.folder(dir, absolute, patterns)
}

// folder walks a folder: dir is how the user calls it, absolute where it is.
func (w *walk) folder(dir, absolute string, patterns []gitignore.Pattern) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	entries, err := os.ReadDir(absolute)
	if errors.Is(err, fs.ErrPermission) {
		w.list.Skipped["unreadable folders"]++
		return nil
	}
	if err != nil {
		return err
	}
	patterns = append(slices.Clip(patterns), read(filepath.Join(absolute, ".gitignore"), w.parts(absolute))...)
	ignored := gitignore.NewMatcher(patterns)
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		full := filepath.Join(absolute, e.Name())
		if e.Type()&fs.ModeSymlink != 0 && folder(full) {
			w.list.Skipped["links to folders"]++
			continue
		}
		if !e.IsDir() && !Source(e.Name()) {
			continue
		}
		why := w.skip(e, name)
		if why == "" && len(patterns) > 0 && ignored.Match(w.parts(full), e.IsDir()) {
			why = "ignored by git"
		}
		switch {
		case why != "":
			w.list.Skipped[why]++
		case e.IsDir():
			if err := w.folder(name, full, patterns); err != nil {
				return err
			}
		case regular(full):
			w.list.Files = append(w.list.Files, name)
		default:
			w.list.Skipped["links to nothing, pipes and the like"]++
		}
	}
	return nil
}

func folder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// regular says whether a file, or what a link leads to, is one that can be
// read: no folder, no pipe.
func regular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// skip says why something is left out, "" when it is not.
func (w *walk) skip(e fs.DirEntry, name string) string {
	base := strings.ToLower(e.Name())
	if e.IsDir() {
		switch {
		case base == "node_modules" || base == "bower_components" || base == "jspm_packages" || base == "vendor" || base == "vendors" || base == "third_party":
			return "dependencies"
		case strings.HasPrefix(base, "."):
			return "hidden"
		case tests[base]:
			return "tests"
		}
		return w.configured(name, true)
	}
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	switch {
	case strings.HasPrefix(base, "."):
		return "hidden"
	case strings.HasSuffix(stem, ".d"):
		return "declarations of types"
	case strings.HasSuffix(stem, ".min"), strings.HasSuffix(stem, "-min"), strings.HasSuffix(stem, ".bundle"):
		return "minified or bundled"
	}
	for _, mark := range [...]string{".test", ".spec", ".tests", ".specs", ".stories", ".bench", "_test", "-test"} {
		if strings.HasSuffix(stem, mark) {
			return "tests"
		}
	}
	return w.configured(name, false)
}

var tests = map[string]bool{
	"test": true, "tests": true, "__tests__": true, "__test__": true, "__mocks__": true, "__fixtures__": true, "spec": true, "specs": true,
	"e2e": true, "fixtures": true, "testdata": true, "coverage": true, "benchmark": true, "benchmarks": true,
}

// configured applies the globs of the configuration.
func (w *walk) configured(name string, dir bool) string {
	if w.leaveOut(name, dir) {
		return "left out by plumb.yaml"
	}
	return ""
}

// LeaveOut says whether the globs leave a file out.
func (o *Options) LeaveOut(path string) bool { return o.leaveOut(path, false) }

func (o *Options) leaveOut(name string, dir bool) bool {
	path := name
	if base, err := filepath.Abs(name); err == nil && o.Base != "" {
		if relative, err := filepath.Rel(o.Base, base); err == nil {
			path = relative
		}
	}
	path = filepath.ToSlash(path)
	return matches(o.Ignore, path) || len(o.Only) > 0 && !dir && !matches(o.Only, path)
}

func matches(globs []string, path string) bool {
	return slices.ContainsFunc(globs, func(glob string) bool {
		return doublestar.MatchUnvalidated(strings.TrimSuffix(glob, "/"), path) || doublestar.MatchUnvalidated(strings.TrimSuffix(glob, "/")+"/**", path)
	})
}

// parts are the names of a path from the top, as the patterns want them.
func (w *walk) parts(absolute string) []string {
	relative, err := filepath.Rel(w.top, absolute)
	if err != nil || relative == "." {
		return nil
	}
	return strings.Split(filepath.ToSlash(relative), "/")
}

// above finds the repository that a folder is in and reads what is ignored from
// its top down to the folder, the folder's own left out.
func above(absolute string) (top string, patterns []gitignore.Pattern) {
	var between []string
	for dir := absolute; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			top = dir
			break
		}
		if filepath.Dir(dir) == dir {
			return absolute, nil
		}
		between = append(between, filepath.Dir(dir))
	}
	patterns = read(filepath.Join(top, ".git", "info", "exclude"), nil)
	for _, dir := range slices.Backward(between) {
		relative, err := filepath.Rel(top, dir)
		if err != nil || strings.HasPrefix(relative, "..") {
			continue
		}
		var domain []string
		if relative != "." {
			domain = strings.Split(filepath.ToSlash(relative), "/")
		}
		patterns = append(patterns, read(filepath.Join(dir, ".gitignore"), domain)...)
	}
	return top, patterns
}

// read reads a file of patterns; there need not be one.
func read(path string, domain []string) []gitignore.Pattern {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var patterns []gitignore.Pattern
	for line := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			patterns = append(patterns, parsePattern(line, domain))
		}
	}
	return patterns
}
