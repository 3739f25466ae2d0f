//go:build unix

package leak

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/leak/leaktest"
)

// example is a server of ours that leaks, and what must be said of it.
type example struct {
	dir      string
	variable string // "" where the program has none: the callback is named
	name     string
	file     string
	line     int
	function string
	cause    Cause
}

var examples = []example{
	{"user-agents", "headersArray", "headersArray", "leaky.js", 6, "", ModuleVariable},
	{"accidental-global", "visits", "globalThis.visits", "leaky.js", 5, "", AccidentalGlobal},
	{"closure", "seen", "seen", "leaky.js", 6, "createRecorder", ClosureContext},
	{"shared-context", "report", "report", "leaky.js", 6, "", SharedContext},
	{"interval", "", "", "leaky.js", 7, "reportSlow", Timer},
	{"timer-closure", "samples", "samples", "leaky.js", 6, "createSampler", ClosureContext},
	{"listeners", "configuration", "configuration._events.change", "leaky.js", 6, "", Listener},
	{"cache-map", "pages", "pages", "leaky.js", 5, "", Cache},
	{"cache-object", "profiles", "profiles", "leaky.js", 5, "", Cache},
	{"set", "usedTokens", "usedTokens", "leaky.js", 6, "", Cache},
	{"pending-promise", "shutdown", "shutdown", "leaky.js", 5, "", PendingPromise},
	{"async-storage", "requestStorage", "the stores of requestStorage", "leaky.js", 6, "", AsyncStorage},
	{"sliced-string", "titles", "titles", "leaky.js", 5, "", SlicedString},
	{"buffers", "uploads", "uploads", "leaky.js", 5, "", ExternalMemory},
	{"session-store", "byId", "store.byId", "store.js", 12, "SessionStore", InstanceStore},
	{"esm", "history", "history", "leaky.mjs", 4, "", ModuleVariable},
	{"abort-signal", "stopping", "", "leaky.js", 6, "", Listener},
}

// variants are examples whose cause another one shows too: they run with the
// versions of PLUMB_NODES only.
var variants = map[string]bool{
	"closure": true, "cache-object": true, "set": true, "esm": true, "abort-signal": true, "accidental-global": true,
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
// file and line, one object per request.
func TestExamplesLeak(t *testing.T) {
	bins, full := nodes(t)
	for _, node := range bins {
		version := nodeVersion(t, node)
		for _, ex := range examples {
			if !full && variants[ex.dir] {
				continue
			}
			t.Run(version+"/"+ex.dir, func(t *testing.T) {
				t.Parallel()
				snapshots := capture(t, node, filepath.Join(ex.dir, "leaky"), 20, 200)
				result, err := Find(t.Context(), snapshots, Options{Requests: 200, ReadSource: os.ReadFile})
				if err != nil {
					t.Fatal(err)
				}
				ex.check(t, result)
			})
		}
	}
}

func (ex *example) check(t *testing.T, r *Result) {
	t.Helper()
	if r.Verdict != Leaking || len(r.Findings) == 0 {
		t.Fatalf("verdict %q, %d findings, want %q", r.Verdict, len(r.Findings), Leaking)
	}
	f := r.Findings[0]
	if f.Variable != ex.variable {
		t.Errorf("variable %q, want %q", f.Variable, ex.variable)
	}
	if ex.name != "" && f.Container.Name != ex.name {
		t.Errorf("name %q, want %q", f.Container.Name, ex.name)
	}
	if got := filepath.Base(f.Declared.File); got != ex.file || f.Declared.Line != ex.line {
		t.Errorf("declared at %s:%d, want %s:%d", got, f.Declared.Line, ex.file, ex.line)
	}
	if f.Declared.Function != ex.function {
		t.Errorf("in function %q, want %q", f.Declared.Function, ex.function)
	}
	if f.Cause != ex.cause {
		t.Errorf("cause %q, want %q", f.Cause, ex.cause)
	}
	if f.PerRequest != 1 {
		t.Errorf("%v per request, want 1: counts %v", f.PerRequest, f.Counts)
	}
	for _, other := range r.Findings[1:] {
		t.Errorf("also found: %s %s", other.Verdict, other.Container.Name)
	}
}

// TestExamplesFixed holds that the servers without the mistake are not blamed,
// neither when they are warm nor from their first request on.
func TestExamplesFixed(t *testing.T) {
	bins, full := nodes(t)
	for _, node := range bins {
		version := nodeVersion(t, node)
		for i, ex := range examples {
			if !full && i%8 != 0 {
				continue
			}
			t.Run(version+"/"+ex.dir, func(t *testing.T) {
				t.Parallel()
				snapshots := capture(t, node, filepath.Join(ex.dir, "fixed"), 0, 300, 300)
				for _, pair := range [][]*heap.Snapshot{snapshots, snapshots[1:]} {
					r, err := Find(t.Context(), pair, Options{Requests: 300, ReadSource: os.ReadFile})
					if err != nil {
						t.Fatal(err)
					}
					if r.Verdict == Leaking {
						t.Errorf("%d snapshots: %s: %s %v", len(pair), r.Verdict, r.Findings[0].Container.Name, r.Findings[0].Counts)
					} else if r.Verdict != Healthy {
						t.Logf("%d snapshots: %s: %s %v: %s", len(pair), r.Verdict, r.Findings[0].Container.Name, r.Findings[0].Counts, r.Findings[0].Reason)
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
			snapshots := capture(t, node, dir+"/leaky", 5, 100)
			r, err := Find(t.Context(), snapshots, Options{Requests: 100})
			if err != nil || len(r.Findings) == 0 {
				t.Fatalf("%s: %v", dir, err)
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
	one := capture(t, bins[0], "user-agents/leaky", 50)
	two := capture(t, bins[0], "user-agents/leaky", 60)
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

// capture runs an example and takes a snapshot after each of the loads.
func capture(t *testing.T, node, script string, loads ...int) []*heap.Snapshot {
	t.Helper()
	path := filepath.Join("..", "..", "examples", script+".js")
	if _, err := os.Stat(path); err != nil {
		path = strings.TrimSuffix(path, "js") + "mjs"
	}
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	app, err := leaktest.Start(t.Context(), node, path, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer app.Stop()
	var snapshots []*heap.Snapshot
	for _, n := range loads {
		if _, err := app.Load(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		file, err := app.Snapshot()
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
