//go:build unix

package evidence_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/leak/leaktest"
	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/config"
	"github.com/plumb-dev/plumb/internal/lint/evidence"
	"github.com/plumb-dev/plumb/internal/lint/rule"
)

// nodes are the versions of Node.js to try: those of PLUMB_NODES, or the one on
// the PATH.
func nodes(t *testing.T) []string {
	if list := os.Getenv("PLUMB_NODES"); list != "" {
		return filepath.SplitList(list)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	return []string{node}
}

// capture starts a server and takes a snapshot after each of some loads.
func capture(t *testing.T, node, script string, loads ...int) []*heap.Snapshot {
	t.Helper()
	app, err := leaktest.Start(t.Context(), node, script, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer app.Stop()
	var snapshots []*heap.Snapshot
	for _, n := range loads {
		if _, err := app.Load(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		file, err := app.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s, err := heap.Open(t.Context(), file, heap.Options{NoIndex: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		snapshots = append(snapshots, s)
	}
	return snapshots
}

// TestJudge holds every suspect of a server to the verdict that stands beside
// it, on each version of Node.js.
func TestJudge(t *testing.T) {
	script, err := filepath.Abs(filepath.Join("testdata", "server.js"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	want := map[int]lint.Verdict{}
	for i, line := range strings.Split(string(text), "\n") {
		if _, verdict, ok := strings.Cut(line, "; // "); ok {
			want[i+1] = lint.Verdict(verdict)
		}
	}
	for _, node := range nodes(t) {
		t.Run(filepath.Base(filepath.Dir(filepath.Dir(node))), func(t *testing.T) {
			result := lint.Text(t.Context(), script, string(text), &config.Config{})
			seen, err := leak.Find(t.Context(), capture(t, node, script, 50, 100, 100), leak.Options{
				Requests: 100, ReadSource: os.ReadFile, Names: func([]string) []string { return evidence.Names(result.Findings) },
			})
			if err != nil {
				t.Fatal(err)
			}
			evidence.Judge(result.Findings, seen)
			got := map[int]lint.Verdict{}
			for _, f := range result.Findings {
				got[f.Line] = f.Evidence.Verdict
				if want[f.Line] == "" {
					t.Errorf("line %d: %s is no suspect", f.Line, f.Rule)
				}
				if (f.Evidence.Verdict == lint.Confirmed) && (f.Severity != rule.Error || f.Evidence.PerRequest != 1) {
					t.Errorf("line %d: confirmed, yet %+v, %+v", f.Line, f.Severity, f.Evidence)
				}
			}
			for line, verdict := range want {
				if got[line] != verdict {
					t.Errorf("line %d: %q, want %q", line, got[line], verdict)
				}
			}
		})
	}
}

// TestSources holds that the files that a program has loaded are found by its
// source maps, and judged as they are written.
func TestSources(t *testing.T) {
	folder, err := filepath.Abs(filepath.Join("..", "..", "..", "examples", "leaks", "typescript"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	sources, err := evidence.NewSources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen, err := leak.Find(t.Context(), capture(t, nodes(t)[0], filepath.Join(folder, "dist", "leaky.js"), 50, 100, 100), leak.Options{
		Requests: 100, ReadSource: os.ReadFile, Names: sources.Names,
	})
	if err != nil {
		t.Fatal(err)
	}
	sources.Judge(seen)
	if len(seen.Suspicions) != 1 {
		t.Fatalf("suspicions: %+v", seen.Suspicions)
	}
	s := seen.Suspicions[0]
	if s.At.File != filepath.Join(folder, "src", "leaky.ts") || s.At.Line != 14 || s.Verdict != leak.Confirmed || s.PerRequest != 1 {
		t.Errorf("%+v", s)
	}
	alone, err := lint.Run(t.Context(), []string{filepath.Join("src", "leaky.ts")}, &config.Config{}, nil)
	if err != nil || alone.Findings[0].Fingerprint != s.Fingerprint {
		t.Errorf("%v, %+v", err, alone)
	}
}

// TestSightings holds what is cleared: what holds something and stays as it is.
func TestSightings(t *testing.T) {
	for name, tt := range map[string]struct {
		sighting leak.Sighting
		rule     string
		want     lint.Verdict
	}{
		"stays":        {leak.Sighting{Variable: "a", Counts: []int{3, 3}, Room: []uint64{64, 64}}, "unbounded-cache", lint.Cleared},
		"shrinks":      {leak.Sighting{Variable: "a", Counts: []int{3, 2}, Room: []uint64{64, 64}}, "unbounded-cache", lint.Cleared},
		"grows":        {leak.Sighting{Variable: "a", Counts: []int{3, 4}, Room: []uint64{64, 64}}, "unbounded-cache", lint.NotSeen},
		"of numbers":   {leak.Sighting{Variable: "a", Counts: []int{3, 3}, Room: []uint64{64, 96}}, "unbounded-cache", lint.NotSeen},
		"empty":        {leak.Sighting{Variable: "a", Counts: []int{0, 0}, Room: []uint64{64, 64}}, "unbounded-cache", lint.NotSeen},
		"empty global": {leak.Sighting{Variable: "a", Counts: []int{0, 0}, Room: []uint64{64, 64}}, "accidental-global", lint.Cleared},
		"another name": {leak.Sighting{Variable: "b", Counts: []int{3, 3}, Room: []uint64{64, 64}}, "unbounded-cache", lint.NotSeen},
		"an emitter":   {leak.Sighting{Variable: "a", Counts: []int{3, 3}, Room: []uint64{64, 64}}, "listener-in-handler", lint.NotSeen},
	} {
		tt.sighting.Declared = leak.Place{File: "/srv/a.js", Line: 3}
		findings := []lint.Finding{{Rule: tt.rule, Severity: rule.Suspicion, Variable: "a", Declared: lint.Place{File: "a.js", Line: 3}}}
		evidence.Judge(findings, &leak.Result{Sightings: []leak.Sighting{tt.sighting}})
		if got := findings[0].Evidence.Verdict; got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// TestExplain holds that the line that grows is found for what snapshots name.
func TestExplain(t *testing.T) {
	examples := filepath.Join("..", "..", "..", "examples", "leaks")
	for dir, want := range map[string]string{
		"user-agents": "leaky.js:7", "accidental-global": "leaky.js:10", "class-static": "leaky.js:9", "closure": "leaky.js:8",
		"listeners": "leaky.js:11", "several": "leaky.js:13", "esm-export": "leaky.mjs:6", "session-store": "store.js:16",
		"timer-closure": "leaky.js:11", "shared-context": "leaky.js:9", "promise-race": "leaky.js:12",
	} {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			file, err := filepath.Abs(filepath.Join(examples, dir, strings.Split(want, ":")[0]))
			if err != nil {
				t.Fatal(err)
			}
			start := filepath.Join(filepath.Dir(file), "leaky"+filepath.Ext(file))
			seen, err := leak.Find(t.Context(), capture(t, nodes(t)[0], start, 50, 100, 100), leak.Options{Requests: 100, ReadSource: os.ReadFile})
			if err != nil {
				t.Fatal(err)
			}
			evidence.Explain(t.Context(), seen.Findings, os.ReadFile)
			var got []string
			for _, f := range seen.Findings {
				if f.Grows != nil {
					got = append(got, filepath.Base(f.Grows.File)+":"+strconv.Itoa(f.Grows.Line))
				}
			}
			if !strings.Contains(strings.Join(got, " ")+" ", want+" ") {
				t.Errorf("grows at %v, want %s", got, want)
			}
		})
	}
}
