// Package exhibits holds the lab's exhibits against the linter: two rooms that do not
// know each other and name each other.
package exhibits

import (
	"slices"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/lab/exhibit"
	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/config"
	"github.com/plumb-dev/plumb/internal/lint/rule"
)

// TestLint holds that the rule which an exhibit names finds its leaky program, and
// leaves the fix alone.
func TestLint(t *testing.T) {
	all, err := exhibit.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		finds := func(source string) bool {
			found := lint.Text(t.Context(), e.Name+".js", source, &config.Config{}).Findings
			return slices.ContainsFunc(found, func(f lint.Finding) bool { return f.Rule == e.Lint })
		}
		if e.Lint == "" {
			if e.Predicted > 0 {
				t.Errorf("%s leaks, and names no rule", e.Name)
			}
			continue
		}
		if !finds(e.Leaky) {
			t.Errorf("%s: %s does not find the leak", e.Name, e.Lint)
		}
		if finds(e.Fixed) {
			t.Errorf("%s: %s finds a leak in the fix", e.Name, e.Lint)
		}
	}
}

// TestRules holds that the rules name the exhibits that name them.
func TestRules(t *testing.T) {
	all, err := exhibit.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rule.All() {
		if !strings.Contains(r.Doc(), "\nplumb lab ") {
			t.Errorf("%s has nothing to see in the lab", r.ID)
		}
		for _, e := range all {
			names := strings.Contains(r.Doc(), "plumb lab exhibit "+e.Name+" ")
			if names != (e.Lint == r.ID) {
				t.Errorf("the documentation of %s names the exhibit %s: %v, and that is for %q", r.ID, e.Name, names, e.Lint)
			}
		}
	}
}
