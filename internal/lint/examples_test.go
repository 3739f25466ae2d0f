package lint_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/config"
)

// expected is what there is to find in examples/leaks, by file, line and rule.
// Two examples have no cause of a rule's kind: async-storage, where work that is
// left over keeps a store, and session-store, where the file that forgets to
// close sessions is not the one that keeps them.
var expected = []string{
	"abort-signal/leaky.js:11 listener-in-handler",
	"accidental-global/leaky.js:5 accidental-global",
	"async-hooks/leaky.js:11 unbounded-cache",
	"buffer-pool/leaky.js:9 grow-only-collection",
	"buffer-pool/leaky.js:9 slice-keeps-parent",
	"buffer-subarray/leaky.js:9 grow-only-collection",
	"buffer-subarray/leaky.js:9 slice-keeps-parent",
	"buffers/leaky.js:8 grow-only-collection",
	"bundle/src/leaky.js:10 unbounded-cache",
	"cache-map/leaky.js:10 unbounded-cache",
	"cache-object/leaky.js:10 unbounded-cache",
	"class-static/leaky.js:9 grow-only-collection",
	"closure/leaky.js:8 grow-only-collection",
	"constants/leaky.js:8 grow-only-collection",
	"esm-export/leaky.mjs:6 grow-only-collection",
	"esm/leaky.mjs:7 grow-only-collection",
	"express/leaky.js:13 unbounded-cache",
	"fastify/leaky.js:12 grow-only-collection",
	"interval/leaky.js:7 interval-never-cleared",
	"listeners/leaky.js:11 listener-in-handler",
	"number-set/leaky.js:10 unbounded-cache",
	"numbers/leaky.js:9 grow-only-collection",
	"pending-promise/leaky.js:9 promise-race-long-lived",
	"promise-race/leaky.js:12 promise-race-long-lived",
	"set/leaky.js:10 unbounded-cache",
	"several/leaky.js:13 grow-only-collection",
	"several/leaky.js:14 unbounded-cache",
	"several/leaky.js:15 listener-in-handler",
	"shared-context/leaky.js:9 closure-keeps-large-scope",
	"sliced-string/leaky.js:13 slice-keeps-parent",
	"timer-closure/leaky.js:7 timer-closure-grows",
	"typescript/dist/leaky.js:7 grow-only-collection",
	"typescript/src/leaky.ts:14 grow-only-collection",
	"user-agents/leaky.js:7 grow-only-collection",
	"worker/leaky-worker.js:8 grow-only-collection",
}

// TestExamples holds that every leak of a rule's kind is found at its line, and
// nothing in the fixed twins, the servers around them, or anything else there.
func TestExamples(t *testing.T) {
	root := filepath.Join("..", "..", "examples", "leaks")
	result, err := lint.Run(t.Context(), []string{root}, &config.Config{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range result.Findings {
		below, err := filepath.Rel(root, f.File)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s:%d %s", filepath.ToSlash(below), f.Line, f.Rule))
	}
	slices.Sort(got)
	want := slices.Clone(expected)
	slices.Sort(want)
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("not found: %s", line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("found without reason: %s", line)
		}
	}
	for _, p := range result.Problems {
		t.Errorf("%s: %s", p.File, p.Reason)
	}
	if result.Files < 60 || strings.Contains(strings.Join(got, "\n"), "fixed") {
		t.Errorf("%d files, findings:\n%s", result.Files, strings.Join(got, "\n"))
	}
}
