// Package lint finds causes of memory leaks in source code, without running it.
//
// A file goes through four packages: files finds it, syntax reads it, scope and
// flow say what its names mean and what runs per request, rule reports what can
// leak. This package runs them on all cores, applies the configuration and the
// comments that suppress findings, and returns a [Result]. What snapshots say of
// the findings is package evidence's, how they are written package render's.
//
// The words: a finding has a severity; a suspicion becomes an error when
// snapshots confirm it. A file that cannot be read or parsed is a [Problem],
// never silence.
package lint

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-dev/plumb/internal/lint/config"
	"github.com/plumb-dev/plumb/internal/lint/files"
	"github.com/plumb-dev/plumb/internal/lint/flow"
	"github.com/plumb-dev/plumb/internal/lint/rule"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Result is what was found.
type Result struct {
	Findings []Finding      `json:"findings"` // by file and line; suppressed ones too
	Problems []Problem      `json:"problems"` // files that could not be looked at
	Skipped  map[string]int `json:"skipped"`  // what was left out on purpose
	Files    int            `json:"files"`    // that were looked at
	Bytes    int64          `json:"bytes"`
}

// Problem is a file, or a place in it, that the result does not cover.
type Problem struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Reason string `json:"reason"`
	Read   bool   `json:"-"` // the rest of the file was looked at
}

// Sentence says what is wrong, as a sentence.
func (p *Problem) Sentence() string {
	if p.Read {
		return strings.ToUpper(p.Reason[:1]) + p.Reason[1:] + "."
	}
	return "Not looked at: " + p.Reason + "."
}

// Run looks at the sources below paths. It fails when a path cannot be read or
// ctx the context is done; a single file that cannot is a problem of the result.
func Run(parent context.Context, paths []string, cfg *config.Config, progress func(done, all int)) (*Result, error) {
	list, err := files.Find(parent, paths, globs(cfg))
	if err != nil {
		return nil, err
	}
	named := map[string]bool{} // given one by one: looked at whatever they are
	for _, p := range paths {
		named[filepath.Clean(p)] = true
	}
	r := newRun(cfg)
	r.skipped = list.Skipped
	group, ctx := errgroup.WithContext(parent)
	group.SetLimit(runtime.GOMAXPROCS(0))
	var done int
	for _, path := range list.Files {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			r.file(ctx, path, named[path])
			if progress != nil {
				r.mu.Lock()
				defer r.mu.Unlock()
				done++
				progress(done, len(list.Files))
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if err := r.follow(parent); err != nil {
		return nil, err
	}
	return r.result(), nil
}

func globs(cfg *config.Config) files.Options {
	return files.Options{Only: cfg.Files, Ignore: cfg.Ignore, Base: cfg.Base()}
}

// LeftOut says whether the configuration leaves a file out.
func LeftOut(path string, cfg *config.Config) bool {
	o := globs(cfg)
	return o.LeaveOut(path)
}

// Text looks at one text, as from an editor or a pipe. Its path tells the
// language, the package it belongs to, and where what it imports is. That ctx is done
// is the text's problem.
func Text(ctx context.Context, path, text string, cfg *config.Config) *Result {
	r := newRun(cfg)
	r.text(ctx, path, text)
	return r.result()
}

// run is the state that the files of one run share.
type run struct {
	cfg     *config.Config
	kinds   files.Kinds
	imports imports

	mu      sync.Mutex
	skipped map[string]int
	out     Result
	found   map[string][]Finding // by file
	globals map[string]bool      // that any file has made by name
	aways   []flow.Away          // calls into other files, not followed yet
}

func newRun(cfg *config.Config) *run {
	r := &run{cfg: cfg, skipped: map[string]int{}, globals: map[string]bool{}, found: map[string][]Finding{}, out: Result{Findings: []Finding{}, Problems: []Problem{}}}
	r.imports.kinds = &r.kinds
	return r
}

func (r *run) file(ctx context.Context, path string, named bool) {
	text, err := readFile(path)
	switch {
	case err != nil:
		r.problem(path, err)
	case !named && files.Generated(text):
		r.mu.Lock()
		r.skipped["minified or bundled"]++
		r.mu.Unlock()
	default:
		r.text(ctx, path, text)
	}
}

// readFile reads no more than a source may have.
func readFile(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", err
	case !info.Mode().IsRegular(): // to open a pipe waits for who writes to it
		return "", errors.New("it is no regular file")
	case info.Size() > syntax.MaxBytes:
		return "", syntax.TooLarge(info.Size())
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, syntax.MaxBytes+1))
	return string(data), err
}

func (r *run) text(ctx context.Context, path, text string) {
	v, err := r.look(ctx, path, func() (string, error) { return text, nil }, nil)
	if err != nil {
		r.problem(path, err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out.Files++
	r.out.Bytes += int64(len(text))
	r.keep(path, v)
	if v.broken.Line > 0 {
		r.out.Problems = append(r.out.Problems, Problem{
			File: path, Line: v.broken.Line, Column: v.broken.Column, Read: true,
			Reason: "this is not UTF-8: plumb reads U+FFFD here, as Node.js does",
		})
	}
	for _, p := range v.problems {
		p.File = path
		r.out.Problems = append(r.out.Problems, p)
	}
	for name := range v.globals {
		r.globals[name] = true
	}
}

// view is what a look at a file has shown.
type view struct {
	findings []Finding
	aways    []flow.Away
	globals  map[string]bool
	problems []Problem // of its comments
	broken   syntax.Position
}

// look looks at a text, with what is known of its callers in other files.
func (r *run) look(ctx context.Context, path string, read func() (string, error), entries []entry) (*view, error) {
	return within(ctx, maxTime, func() (*view, error) {
		text, err := read()
		if err != nil {
			return nil, err
		}
		u, err := newUnit(path, text, r.kinds.Of(path))
		if err != nil {
			return nil, err
		}
		v := &view{broken: u.file.Broken, globals: rule.Globals(u.flow)}
		for _, e := range entries {
			v.aways = append(v.aways, u.flow.Enter(e.path, e.Entry)...)
		}
		comments := readComments(u.file)
		v.findings, v.problems = r.check(u, comments), comments.problems
		v.aways = append(v.aways, u.flow.Aways()...)
		return v, nil
	})
}

// keep takes what was found in a file; r.mu is held.
func (r *run) keep(path string, v *view) {
	r.found[path] = v.findings
	r.aways = append(r.aways, v.aways...)
}

// check runs the rules over a file.
func (r *run) check(u *unit, comments *comments) []Finding {
	u.globals = r.cfg.Globals
	u.imports = &r.imports
	var list []Finding
	for _, f := range rule.Check(u.flow, u) {
		known, _ := rule.Find(f.Rule)
		severity := r.cfg.Severity(known)
		if severity == rule.Off {
			continue
		}
		made := found(u.path, u.file, f, severity)
		made.Suppressed = comments.reason(f.Rule, f.At.Line)
		list = append(list, made)
	}
	return list
}

func (r *run) problem(path string, err error) {
	p := Problem{File: path, Reason: err.Error()}
	var wrong *syntax.Error
	var failed *os.PathError
	switch {
	case errors.As(err, &wrong):
		p.Line, p.Column, p.Reason = wrong.Line, wrong.Column, wrong.Reason
	case errors.As(err, &failed):
		p.Reason = failed.Err.Error()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out.Problems = append(r.out.Problems, p)
}

// result puts the parts in order. A name that some file makes global on purpose
// is no accident in another.
func (r *run) result() *Result {
	out := r.out
	for _, list := range r.found {
		out.Findings = append(out.Findings, list...)
	}
	out.Skipped = r.skipped
	out.Findings = slices.DeleteFunc(out.Findings, func(f Finding) bool { return f.Rule == "accidental-global" && r.globals[f.Name] })
	slices.SortFunc(out.Findings, inOrder)
	slices.SortFunc(out.Problems, func(a, b Problem) int {
		return inOrder(Finding{File: a.File, Line: a.Line}, Finding{File: b.File, Line: b.Line})
	})
	return &out
}
