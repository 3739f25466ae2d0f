package metrics

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/internal/node"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// eachNode runs a test with the Node.js on the PATH, or with each binary in
// PLUMB_NODES.
func eachNode(t *testing.T, test func(t *testing.T, bin string)) {
	t.Helper()
	if list := os.Getenv("PLUMB_NODES"); list != "" {
		for _, bin := range filepath.SplitList(list) {
			out, err := exec.Command(bin, "--version").Output()
			if err != nil {
				t.Fatal(err)
			}
			t.Run(strings.TrimSpace(string(out)), func(t *testing.T) { test(t, bin) })
		}
		return
	}
	test(t, anyNode(t))
}

// anyNode is the Node.js on the PATH.
func anyNode(t *testing.T) string {
	t.Helper()
	bin, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	return bin
}

// app is testdata/app.cjs as a child.
type app struct {
	*node.Process
	url string
}

func startApp(t *testing.T, args ...string) *app {
	t.Helper()
	return startScript(t, filepath.Join("testdata", "app.cjs"), nil, args...)
}

func startScript(t *testing.T, script string, env []string, args ...string) *app {
	t.Helper()
	if len(args) == 0 {
		args = []string{anyNode(t)}
	}
	r, w := io.Pipe()
	url := make(chan string, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer close(url)
		for lines := bufio.NewScanner(r); lines.Scan(); {
			if rest, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
				url <- rest
			}
		}
	}()
	t.Cleanup(func() { _ = w.Close(); <-ended })
	path, err := filepath.Abs(script)
	if err != nil {
		t.Fatal(err)
	}
	p, err := node.Start(t.Context(), node.Command{
		Args: append(args, path), Env: append(os.Environ(), env...), Stdout: w, Stderr: os.Stderr,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	a := &app{Process: p}
	select {
	case a.url = <-url:
	case <-time.After(30 * time.Second):
	}
	if a.url == "" {
		t.Fatal("the app does not listen")
	}
	return a
}

func get(t *testing.T, url string) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// collect makes a collector that is closed with the test, and that waits for
// programs as long as it takes.
func collect(t *testing.T, labels map[string]string) *Collector {
	c := New(labels)
	c.patience = time.Minute
	t.Cleanup(c.Close)
	return c
}

// scrape is what Prometheus gets, by name.
func scrape(t *testing.T, c *Collector) map[string]*dto.MetricFamily {
	t.Helper()
	return parseText(t, textOf(t, c))
}

func textOf(t *testing.T, c *Collector) string {
	t.Helper()
	w := httptest.NewRecorder()
	c.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func parseText(t *testing.T, text string) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return families
}

// labelsOf are the labels of a sample as name=value.
func labelsOf(m *dto.Metric) map[string]string {
	all := map[string]string{}
	for _, l := range m.Label {
		all[l.GetName()] = l.GetValue()
	}
	return all
}

// find looks for the samples of a family that have these labels.
func find(family *dto.MetricFamily, want map[string]string) []*dto.Metric {
	var found []*dto.Metric
next:
	for _, m := range family.GetMetric() {
		has := labelsOf(m)
		for name, value := range want {
			if has[name] != value {
				continue next
			}
		}
		found = append(found, m)
	}
	return found
}

// value is that of the only sample with these labels.
func value(t *testing.T, families map[string]*dto.MetricFamily, name string, want map[string]string) float64 {
	t.Helper()
	found := find(families[name], want)
	if len(found) != 1 {
		t.Fatalf("%d samples of %s with %v", len(found), name, want)
	}
	switch m := found[0]; {
	case m.Gauge != nil:
		return m.Gauge.GetValue()
	case m.Counter != nil:
		return m.Counter.GetValue()
	default:
		return float64(m.Histogram.GetSampleCount())
	}
}

// until waits for something that happens in another process.
func until(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !happened(); {
		if time.Now().After(deadline) {
			t.Fatal("did not happen in a minute: " + what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
