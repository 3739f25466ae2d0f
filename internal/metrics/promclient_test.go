package metrics

import (
	"flag"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
)

// update rewrites testdata/prom-client.txt; it needs npm.
var update = flag.Bool("update", false, "rewrite what prom-client says in testdata")

const promClient = "prom-client@15.1.3"

// npmInstall installs packages, which are kept between runs, and returns the
// folder that they are in.
func npmInstall(t *testing.T, name string, specs ...string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip("no folder for packages:", err)
	}
	dir := filepath.Join(cache, "plumb-metrics", name)
	if _, err := os.Stat(filepath.Join(dir, "done")); err == nil {
		return filepath.Join(dir, "node_modules")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", dir}, specs...)
	if out, err := exec.Command("npm", args...).CombinedOutput(); err != nil {
		t.Fatalf("npm install %v: %v\n%s", specs, err, out)
	}
	if err := os.WriteFile(filepath.Join(dir, "done"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "node_modules")
}

func startWithPromClient(t *testing.T, bin string) *app {
	t.Helper()
	path := filepath.Join(npmInstall(t, "prom-client", promClient), "prom-client")
	return startScript(t, filepath.Join("testdata", "app.cjs"), []string{"PROM_CLIENT=" + path}, bin, "--expose-gc")
}

// shape are the names of a family's labels. Bounds are among them, where there are some.
func shape(family *dto.MetricFamily) string {
	names, bounds := map[string]bool{}, ""
	for _, m := range family.Metric {
		for name := range labelsOf(m) {
			names[name] = true
		}
		bounds = ""
		for _, b := range m.Histogram.GetBucket() {
			if !math.IsInf(b.GetUpperBound(), 1) {
				bounds += " " + strconv.FormatFloat(b.GetUpperBound(), 'g', -1, 64)
			}
		}
	}
	delete(names, "pid")
	return family.GetType().String() + " " + strings.Join(slices.Sorted(maps.Keys(names)), ",") + bounds
}

// samePromClient compares families, types, names of labels and bounds. A family
// without samples, which the parser drops, is announced in the text.
func samePromClient(t *testing.T, text string, ours map[string]*dto.MetricFamily) {
	t.Helper()
	theirs := parseText(t, text)
	for name, family := range theirs {
		switch mine := ours[name]; {
		case mine == nil:
			t.Errorf("%s is missing", name)
		case shape(family) != shape(mine):
			t.Errorf("%s is %q, prom-client's %q", name, shape(mine), shape(family))
		}
	}
	for name := range ours {
		if !strings.Contains(text, "# TYPE "+name+" ") && !strings.HasPrefix(name, "plumb_") && !strings.HasPrefix(name, "http_") {
			t.Errorf("%s is not prom-client's", name)
		}
	}
}

// TestNamesOfPromClient compares with what prom-client has said once. A request is
// under way in both, and there was a collection: else some have no samples.
func TestNamesOfPromClient(t *testing.T) {
	golden := filepath.Join("testdata", "prom-client.txt")
	if *update {
		a := startWithPromClient(t, anyNode(t))
		get(t, a.url+"/gc")
		if err := os.WriteFile(golden, []byte(get(t, a.url+"/metrics")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	theirs := parseText(t, string(text))
	a := startScript(t, filepath.Join("testdata", "app.cjs"), nil, anyNode(t), "--expose-gc")
	c := collect(t, nil)
	c.Instance("", "").Watch(a.Info().PID).Ask(a.Process)
	scrape(t, c)
	get(t, a.url+"/gc")
	ours := scrape(t, c)
	if a.Info().NodeVersion[:4] == "v20." {
		sameSpaces(t, theirs, ours)
	}
	samePromClient(t, string(text), ours)
}

// sameSpaces compares the names of the heap's spaces, which depend on the version.
func sameSpaces(t *testing.T, theirs, ours map[string]*dto.MetricFamily) {
	t.Helper()
	spaces := func(family *dto.MetricFamily) []string {
		var names []string
		for _, m := range family.GetMetric() {
			names = append(names, labelsOf(m)["space"])
		}
		slices.Sort(names)
		return names
	}
	const name = "nodejs_heap_space_size_used_bytes"
	if got, want := spaces(ours[name]), spaces(theirs[name]); !slices.Equal(got, want) {
		t.Errorf("spaces %v, prom-client has %v", got, want)
	}
}

// TestBesidePromClient compares with the real one in the same process, value by
// value where both can be read at once. It runs with PLUMB_NODES and needs npm.
func TestBesidePromClient(t *testing.T) {
	if os.Getenv("PLUMB_NODES") == "" {
		t.Skip("set PLUMB_NODES to compare with prom-client")
	}
	eachNode(t, func(t *testing.T, bin string) {
		a := startWithPromClient(t, bin)
		c := collect(t, nil)
		c.Instance("", "").Watch(a.Info().PID).Ask(a.Process)
		scrape(t, c)
		before := parseText(t, get(t, a.url+"/metrics"))
		oursBefore := scrape(t, c)
		get(t, a.url+"/gc")
		text := get(t, a.url+"/metrics")
		theirs, ours := parseText(t, text), scrape(t, c)
		sameSpaces(t, theirs, ours)
		samePromClient(t, text, ours)

		near := func(name string, want map[string]string, tolerance float64) {
			t.Helper()
			mine, other := value(t, ours, name, want), value(t, theirs, name, want)
			if math.Abs(mine-other) > tolerance {
				t.Errorf("%s%v is %v, prom-client's %v", name, want, mine, other)
			}
		}
		segments := strings.Split(strings.TrimPrefix(a.Info().NodeVersion, "v"), ".")
		near("nodejs_version_info", map[string]string{
			"version": a.Info().NodeVersion, "major": segments[0], "minor": segments[1], "patch": segments[2],
		}, 0)
		near("process_max_fds", nil, 0)
		near("process_start_time_seconds", nil, 1)
		near("process_open_fds", nil, 3)
		near("process_resident_memory_bytes", nil, 10e6)
		near("process_virtual_memory_bytes", nil, 100e6)
		near("process_heap_bytes", nil, 50e6)
		near("nodejs_heap_size_total_bytes", nil, 5e6)
		near("nodejs_heap_size_used_bytes", nil, 3e6)
		near("nodejs_external_memory_bytes", nil, 1e6)
		near("nodejs_active_handles_total", nil, 2)
		near("nodejs_heap_space_size_used_bytes", map[string]string{"space": "old"}, 1e6)

		// The five collections that /gc forces, each with an observation of its own.
		grown := func(after, before map[string]*dto.MetricFamily, kind string) float64 {
			total := func(families map[string]*dto.MetricFamily) (n float64) {
				for _, m := range find(families["nodejs_gc_duration_seconds"], map[string]string{"kind": kind}) {
					n += float64(m.Histogram.GetSampleCount())
				}
				return n
			}
			return total(after) - total(before)
		}
		mine, other := grown(ours, oursBefore, "major"), grown(theirs, before, "major")
		if mine < 5 || other < 5 || mine < other {
			t.Errorf("%v major collections, prom-client saw %v", mine, other)
		}
		// prom-client counts the CPU time from when it was loaded, in microseconds.
		cpu := "process_cpu_seconds_total"
		if mine, other := value(t, ours, cpu, nil), value(t, theirs, cpu, nil); mine < other-0.05 {
			t.Errorf("%s is %v, prom-client's %v", cpu, mine, other)
		}
	})
}
