//go:build corpus

package lint_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/config"
	"github.com/plumb-dev/plumb/internal/lint/linttest"
	"github.com/plumb-dev/plumb/internal/lint/rule"
)

// row is a finding and its verdict in the table of docs/lint-precision.md.
var row = regexp.MustCompile("(?m)^\\| `([^`]+:\\d+)` \\| `([^`]+)` \\| ([a-z-]+) \\| (true|false)\\b")

// TestCorpus looks through the sources of real servers. Every error must have
// been read and judged in docs/lint-precision.md, nearly all of them true; nearly
// every file must be parsed.
func TestCorpus(t *testing.T) {
	root := filepath.Dir(linttest.CorpusRoots(t)[0])
	cfg := &config.Config{
		Path:   filepath.Join(root, config.Name),
		Ignore: []string{"meshcentral@*/agents/**"}, // they run in Duktape, not in Node.js
	}
	start := time.Now()
	result, err := lint.Run(t.Context(), []string{root}, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	large := slices.DeleteFunc(slices.Clone(result.Problems), func(p lint.Problem) bool { return p.Read || strings.Contains(p.Reason, "sources are read up to") })
	parsed := 100 * float64(result.Files) / float64(result.Files+len(large))
	t.Logf("%d files, %.1f MB in %s on %d cores: %.1f MB/s; %.2f %% parsed", result.Files, float64(result.Bytes)/1e6, took.Round(time.Millisecond),
		runtime.GOMAXPROCS(0), float64(result.Bytes)/1e6/took.Seconds(), parsed)
	for _, p := range large {
		t.Logf("not parsed: %s:%d: %s", strings.TrimPrefix(p.File, root), p.Line, p.Reason)
	}
	if result.Files < 2000 || parsed < 99.8 {
		t.Errorf("%d files, %.2f %% parsed", result.Files, parsed)
	}

	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "lint-precision.md"))
	if err != nil {
		t.Fatal(err)
	}
	judged := map[string]string{}
	for _, m := range row.FindAllStringSubmatch(string(doc), -1) {
		judged[m[1]+" "+m[2]+" "+m[3]] = m[4]
	}
	right, all := 0, 0
	counts := map[string]int{}
	for _, f := range result.Findings {
		below, err := filepath.Rel(root, f.File)
		if err != nil {
			t.Fatal(err)
		}
		counts[f.Rule]++
		key := fmt.Sprintf("%s:%d %s %s", filepath.ToSlash(below), f.Line, f.Name, f.Rule)
		verdict := judged[key]
		delete(judged, key)
		if verdict == "" {
			t.Errorf("not judged: %s: %s", key, f.Message)
		}
		if f.Severity == rule.Error {
			all++
			if verdict == "true" {
				right++
			}
		}
	}
	for key := range judged {
		t.Errorf("judged, but not found any more: %s", key)
	}
	t.Logf("%d of %d errors are true; findings %v", right, all, counts)
	if all == 0 || float64(right)/float64(all) < 0.95 {
		t.Errorf("%d of %d errors are true", right, all)
	}
}
