package evidence

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/leak/source"
	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/config"
	"github.com/plumb-dev/plumb/internal/lint/files"
	"github.com/plumb-dev/plumb/internal/lint/rule"
)

// Sources are the files of a program, looked at by the linter when the
// snapshots have told which those are. Their Names are a [leak.Options.Names].
type Sources struct {
	ctx      context.Context
	config   *config.Config
	folder   string // the working folder
	looked   map[string]bool
	findings []lint.Finding
}

// NewSources prepares to look at sources as plumb lint does in the working
// folder: with the plumb.yaml that is there or above. It fails when something is
// wrong in that.
func NewSources(ctx context.Context) (*Sources, error) {
	cfg, err := config.Find(".")
	if err != nil {
		return nil, err
	}
	folder, err := filepath.Abs(".")
	if err != nil {
		return nil, err
	}
	return &Sources{ctx: ctx, config: cfg, folder: folder, looked: map[string]bool{}}, nil
}

// Names looks at the files that are at hand, each once, and returns the names
// of what may grow there. It says nothing of what nobody wrote by hand, or of
// what cannot be read: who asks for a leak does not ask for that.
func (s *Sources) Names(paths []string) []string {
	var list []string
	for _, path := range paths {
		if s.looked[path] {
			continue
		}
		s.looked[path] = true
		text, err := source.ReadFile(path)
		if err != nil || files.Generated(string(text)) {
			continue
		}
		// Below the folder as the linter is given it, for the same fingerprints.
		if below, err := filepath.Rel(s.folder, path); err == nil && filepath.IsLocal(below) {
			path = below
		}
		list = append(list, path)
	}
	if len(list) > 0 {
		if result, err := lint.Run(s.ctx, list, s.config, nil); err == nil {
			s.findings = append(s.findings, result.Findings...)
		}
	}
	return Names(s.findings)
}

// Judge gives the result the suspicions of the sources, each with what the
// snapshots say of it. Left out are those that comments suppress, and errors that
// do not leak: plumb lint reports them.
func (s *Sources) Judge(result *leak.Result) {
	all := slices.DeleteFunc(slices.Clone(s.findings), func(f lint.Finding) bool { return f.Suppressed != "" || f.Rule == "const-reassigned" })
	wrong := map[string]bool{} // whatever snapshots show
	for i := range all {
		if all[i].Severity == rule.Error {
			wrong[all[i].Fingerprint] = true
		}
	}
	Judge(all, result)
	for i := range all {
		f := &all[i]
		if wrong[f.Fingerprint] && f.Evidence.Verdict != lint.Confirmed {
			continue
		}
		at := leak.Place{File: f.File, Line: f.Line, Column: f.Column, Exact: true}
		if !filepath.IsAbs(at.File) {
			at.File = filepath.Join(s.folder, at.File)
		}
		result.Suspicions = append(result.Suspicions, leak.Suspicion{
			Rule: f.Rule, Name: f.Name, Message: f.Message, At: at, Fingerprint: f.Fingerprint,
			Verdict: leak.Evidence(f.Evidence.Verdict), Counts: f.Evidence.Counts, PerRequest: f.Evidence.PerRequest,
		})
	}
	slices.SortFunc(result.Suspicions, byWeight)
}

// byWeight puts what is confirmed first.
func byWeight(a, b leak.Suspicion) int {
	weight := []leak.Evidence{leak.Confirmed, leak.NotSeen, leak.Cleared}
	if a, b := slices.Index(weight, a.Verdict), slices.Index(weight, b.Verdict); a != b {
		return a - b
	}
	if a.At.File != b.At.File {
		return strings.Compare(a.At.File, b.At.File)
	}
	return a.At.Line - b.At.Line
}
