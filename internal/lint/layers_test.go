package lint_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/config"
)

// TestLayers holds that what a request reaches through other files is found
// where it grows, marked there with the rule, and nothing else.
func TestLayers(t *testing.T) {
	archives, err := filepath.Glob(filepath.Join("testdata", "layers", "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("%v, %v", archives, err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			var want []string
			for _, f := range archive.Files {
				path := filepath.Join(dir, filepath.FromSlash(f.Name))
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, f.Data, 0o600); err != nil {
					t.Fatal(err)
				}
				for i, line := range strings.Split(string(f.Data), "\n") {
					if _, rule, ok := strings.Cut(line, "// finds "); ok {
						want = append(want, fmt.Sprintf("%s:%d %s", f.Name, i+1, rule))
					}
				}
			}
			result, err := lint.Run(t.Context(), []string{dir}, &config.Config{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range result.Findings {
				below, _ := filepath.Rel(dir, f.File)
				got = append(got, fmt.Sprintf("%s:%d %s", filepath.ToSlash(below), f.Line, f.Rule))
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("found\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
			}
			for _, p := range result.Problems {
				t.Errorf("%s:%d: %s", p.File, p.Line, p.Reason)
			}
		})
	}
}
