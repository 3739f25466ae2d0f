//go:build unix

package leak

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/leak/leaktest"
)

// folder has the examples.
var folder = filepath.Join("..", "..", "examples", "leaks")

// quick are the examples that run without PLUMB_NODES: one for each kind of
// reasoning.
var quick = []string{"user-agents", "esm-export", "shared-context", "interval", "listeners", "promise-race", "async-storage", "typescript", "several", "worker"}

// chosen are the examples to run with the Node.js binaries at hand.
func chosen(t *testing.T, full bool) []leaktest.Example {
	t.Helper()
	examples, err := leaktest.Examples(folder)
	if err != nil {
		t.Fatal(err)
	}
	if full {
		return examples
	}
	return slices.DeleteFunc(examples, func(ex leaktest.Example) bool { return !slices.Contains(quick, ex.Dir) })
}

// nodes lists the Node.js binaries to test with: the one on the PATH, or those
// in PLUMB_NODES, for a full run over versions.
func nodes(t *testing.T) (bins []string, full bool) {
	if list := os.Getenv("PLUMB_NODES"); list != "" {
		return filepath.SplitList(list), true
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not on the PATH: the examples cannot run")
	}
	return []string{node}, false
}

// TestExamplesLeak holds that every cause is named on real Node.js: variable,
// file and line, objects per request, and nothing besides.
func TestExamplesLeak(t *testing.T) {
	bins, full := nodes(t)
	for _, node := range bins {
		version := nodeVersion(t, node)
		for _, ex := range chosen(t, full) {
			if ex.Asked {
				continue // see internal/hunt
			}
			t.Run(version+"/"+ex.Dir, func(t *testing.T) {
				t.Parallel()
				r := run(t, start(t, node, &ex, ex.Leaky), Options{Requests: 200}, 20, 200)
				check(t, r, ex.Leaks)
			})
		}
	}
}

// check compares findings, in whatever order, with those that are expected.
func check(t *testing.T, r *Result, want []leaktest.Leak) {
	t.Helper()
	found := func(l *leaktest.Leak, f *Finding) bool {
		return f.Verdict == Leaking && (l.Name == "" || f.Container.Name == l.Name) && (l.Name != "" && l.Variable == "" || f.Variable == l.Variable)
	}
	for _, l := range want {
		i := slices.IndexFunc(r.Findings, func(f Finding) bool { return found(&l, &f) })
		if i < 0 {
			t.Errorf("not found: %s", l.Name)
			continue
		}
		f := &r.Findings[i]
		if l.Line > 0 && (!strings.HasSuffix(f.Declared.File, "/"+l.File) || f.Declared.Line != l.Line || !f.Declared.Exact) {
			t.Errorf("%s: declared at %s:%d (exact %t), want %s:%d", l.Name, f.Declared.File, f.Declared.Line, f.Declared.Exact, l.File, l.Line)
		}
		if l.Function != "" && f.Declared.Function != l.Function {
			t.Errorf("%s: in function %q, want %q", l.Name, f.Declared.Function, l.Function)
		}
		if string(f.Cause) != l.Cause {
			t.Errorf("%s: cause %q, want %q", l.Name, f.Cause, l.Cause)
		}
		if l.PerRequest != 0 && f.PerRequest != l.PerRequest {
			t.Errorf("%s: %v per request, want %v: counts %v", l.Name, f.PerRequest, l.PerRequest, f.Counts)
		}
	}
	if len(want) == 0 && r.Verdict != Healthy {
		t.Errorf("verdict %q, want %q", r.Verdict, Healthy)
	}
	for _, f := range r.Findings {
		if !slices.ContainsFunc(want, func(l leaktest.Leak) bool { return found(&l, &f) }) {
			t.Errorf("also found: %s %s (variable %q), a %s, %s, at %s:%d: %s %v: %s", f.Verdict, f.Container.Name, f.Variable,
				f.Container.Class, f.Container.Kind, f.Declared.File, f.Declared.Line, f.Cause, f.Counts, f.Reason)
			for _, step := range f.Path {
				t.Logf("  %s @%d -> %s", step.Object, step.ID, step.Reference)
			}
		}
	}
}

// TestExamplesFixed holds that the servers without the mistake are not blamed,
// neither when they are warm nor from their first request on.
func TestExamplesFixed(t *testing.T) {
	bins, full := nodes(t)
	for _, node := range bins {
		version := nodeVersion(t, node)
		for i, ex := range chosen(t, full) {
			if !full && i%3 != 0 {
				continue
			}
			t.Run(version+"/"+ex.Dir, func(t *testing.T) {
				t.Parallel()
				snapshots := capture(t, start(t, node, &ex, ex.Fixed), 0, 300, 300)
				for _, pair := range [][]*heap.Snapshot{snapshots, snapshots[1:]} {
					r, err := Find(t.Context(), pair, Options{Requests: 300, ReadSource: os.ReadFile})
					if err != nil {
						t.Fatal(err)
					}
					for _, f := range r.Findings {
						t.Errorf("%d snapshots: %s: %s %v: %s", len(pair), f.Verdict, f.Container.Name, f.Counts, f.Reason)
					}
				}
			})
		}
	}
}

// TestFingerprintOfTwoRuns holds that a leak has one fingerprint, whichever
// process shows it.
func TestFingerprintOfTwoRuns(t *testing.T) {
	bins, _ := nodes(t)
	seen := map[string]string{}
	for _, node := range append(bins, bins[0]) {
		for _, dir := range []string{"user-agents", "interval"} {
			r := run(t, start(t, node, &leaktest.Example{Dir: dir}, "leaky.js"), Options{Requests: 100}, 5, 100)
			if len(r.Findings) == 0 {
				t.Fatalf("%s: nothing found", dir)
			}
			got := r.Findings[0].Fingerprint
			if seen[dir] != "" && seen[dir] != got {
				t.Errorf("%s: fingerprint %s with %s, %s before", dir, got, node, seen[dir])
			}
			seen[dir] = got
		}
	}
}

// TestOtherProcess holds that ids of two processes are not compared, although
// Node.js gives its own objects the same ones in each.
func TestOtherProcess(t *testing.T) {
	bins, _ := nodes(t)
	ex := &leaktest.Example{Dir: "user-agents"}
	one := capture(t, start(t, bins[0], ex, "leaky.js"), 50)
	two := capture(t, start(t, bins[0], ex, "leaky.js"), 60)
	_, err := Find(t.Context(), []*heap.Snapshot{one[0], two[0]}, Options{})
	if err == nil || !strings.Contains(err.Error(), "different processes") {
		t.Errorf("two processes: %v", err)
	}
}

func nodeVersion(t *testing.T, node string) string {
	version, err := leaktest.Version(t.Context(), node)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// start starts a server of an example.
func start(t *testing.T, node string, ex *leaktest.Example, file string) *leaktest.App {
	t.Helper()
	dir, err := ex.Folder(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	starts := leaktest.Start
	if ex.Worker {
		starts = leaktest.StartWorker
	}
	app, err := starts(t.Context(), node, filepath.Join(dir, file), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// run compares what an app holds after each of the loads.
func run(t *testing.T, app *leaktest.App, opts Options, loads ...int) *Result {
	t.Helper()
	opts.ReadSource = os.ReadFile
	r, err := Find(t.Context(), capture(t, app, loads...), opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// capture takes a snapshot after each of the loads and stops the app.
func capture(t *testing.T, app *leaktest.App, loads ...int) []*heap.Snapshot {
	t.Helper()
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
