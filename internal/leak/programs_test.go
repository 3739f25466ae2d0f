//go:build unix

package leak

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/leak/leaktest"
)

// quickPrograms run without PLUMB_NODES.
var quickPrograms = []string{
	"private-field", "map-of-arrays", "lru-full", "unresolved-async", "function-property", "linked-list", "same-names", "cons-string", "default-export", "buffer-grows", "let-in-block", "list-and-map", "library-pairs", "listener-string", "object-to-numbers", "library-function-property", "library-decorate", "library-memoize", "library-remember",
}

// TestPrograms holds that what programs do that are no example is named too.
// The first line of a program says what must be found: the way to what grows,
// how many objects a request, and the cause; "// <-" marks the declaration.
func TestPrograms(t *testing.T) {
	bins, full := nodes(t)
	scripts, err := filepath.Glob("testdata/programs/*.*js")
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range bins {
		version := nodeVersion(t, node)
		for _, script := range scripts {
			name := strings.TrimSuffix(filepath.Base(script), filepath.Ext(script))
			want, ok := expected(t, script)
			if !ok || !full && !slices.Contains(quickPrograms, name) {
				continue
			}
			t.Run(version+"/"+name, func(t *testing.T) {
				t.Parallel()
				app, err := leaktest.Start(t.Context(), node, absolute(t, script), t.TempDir())
				if err != nil {
					t.Fatal(err)
				}
				check(t, run(t, app, Options{Requests: 200}, 60, 200, 200), want)
			})
		}
	}
}

var (
	leakLine = regexp.MustCompile(`^// leak: (\S+) ([\d.]+|bytes) (.+)$`)
	markLine = regexp.MustCompile(`// <- (\S+)$`)
)

// expected reads what a program says about itself; false for a part of one.
func expected(t *testing.T, script string) (leaks []leaktest.Leak, ok bool) {
	t.Helper()
	at := map[string]leaktest.Leak{}
	parts, err := filepath.Glob(strings.TrimSuffix(script, filepath.Ext(script)) + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range parts {
		for i, line := range read(t, part) {
			if m := markLine.FindStringSubmatch(line); m != nil {
				at[m[1]] = leaktest.Leak{File: filepath.Base(part), Line: i + 1}
			}
		}
	}
	for _, line := range read(t, script) {
		if m := leakLine.FindStringSubmatch(line); m != nil {
			l := at[m[1]]
			l.Name, l.Cause = strings.ReplaceAll(m[1], "-", " "), m[3]
			if l.Name == "_" {
				l.Name = "" // the program has no name for it
			}
			// "bytes" is 0: how many is not looked at
			l.PerRequest, _ = strconv.ParseFloat(m[2], 64)
			leaks, ok = append(leaks, l), true
		}
		ok = ok || strings.HasPrefix(line, "// healthy")
	}
	return leaks, ok
}

func read(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(data), "\n")
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
