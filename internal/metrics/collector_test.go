package metrics

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestInstance(t *testing.T) {
	c := collect(t, map[string]string{"app": "memory-leak-demo", "team": "shop"})
	i := c.Instance("server.js", "1")
	i.Expect("memory-limit")
	i.Restarted("heap-oom")
	i.Restarted("heap-oom")
	i.Predict(90 * time.Second)
	i.Captured(time.UnixMilli(1500))
	i.Found([]Leak{{"cache", 12}, {"headersArray", 345.5}, {"cache", 3}})
	want := map[string]string{"app": "memory-leak-demo", "instance": "1", "team": "shop"}
	with := func(name, text string) map[string]string {
		all := map[string]string{name: text}
		for k, v := range want {
			all[k] = v
		}
		return all
	}
	families := scrape(t, c)
	for _, s := range []struct {
		name   string
		labels map[string]string
		value  float64
	}{
		{"plumb_restarts_total", with("reason", "heap-oom"), 2},
		{"plumb_restarts_total", with("reason", "memory-limit"), 0},
		{"plumb_predicted_seconds_to_limit", want, 90},
		{"plumb_last_snapshot_timestamp_seconds", want, 1.5},
		{"plumb_leak_bytes_per_request", with("variable", "headersArray"), 345.5},
		{"plumb_leak_bytes_per_request", with("variable", "cache"), 12},
	} {
		if got := value(t, families, s.name, s.labels); got != s.value {
			t.Errorf("%s%v is %v, want %v", s.name, s.labels, got, s.value)
		}
	}
	i.Unpredict()
	i.Found(nil)
	if families := scrape(t, c); families["plumb_predicted_seconds_to_limit"] != nil || families["plumb_leak_bytes_per_request"] != nil {
		t.Error("what is no more is shown")
	}
	i.Remove()
	if families := scrape(t, c); len(families) != 0 {
		t.Errorf("a removed instance is shown: %v", families)
	}
}

func TestForms(t *testing.T) {
	c := collect(t, nil)
	c.Instance("app", "0").Watch(os.Getpid())
	ask := func(path, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		c.ServeHTTP(w, r)
		return w
	}
	plain := ask("/metrics", "")
	if form := plain.Header().Get("Content-Type"); !strings.HasPrefix(form, "text/plain; version=0.0.4") {
		t.Errorf("Content-Type %q", form)
	}
	if !strings.Contains(plain.Body.String(), "# TYPE process_cpu_seconds_total counter\n") {
		t.Errorf("no counter in\n%s", plain.Body)
	}
	open := ask("/metrics", "application/openmetrics-text; version=1.0.0")
	if form := open.Header().Get("Content-Type"); !strings.HasPrefix(form, "application/openmetrics-text; version=1.0.0") {
		t.Errorf("Content-Type %q", form)
	}
	if body := open.Body.String(); !strings.HasSuffix(body, "# EOF\n") || !strings.Contains(body, "# TYPE process_cpu_seconds counter\n") {
		t.Errorf("no OpenMetrics:\n%s", body)
	}
	if body := ask("/metrics?pid="+strconv.Itoa(os.Getpid()), "").Body.String(); body != plain.Body.String() && !strings.Contains(body, "process_cpu_seconds_total") {
		t.Errorf("the process alone:\n%s", body)
	}
	if body := ask("/metrics?pid=1", "").Body.String(); body != "" {
		t.Errorf("of another process:\n%s", body)
	}
	if code := ask("/metrics?pid=x", "").Code; code != http.StatusBadRequest {
		t.Errorf("a pid that is none: %d", code)
	}
}

// TestOnlySystem shows a process that is not asked: there is no plumb_up that
// would be 0 for ever.
func TestOnlySystem(t *testing.T) {
	c := collect(t, nil)
	target := c.Instance("app", "0").Watch(os.Getpid())
	families := scrape(t, c)
	if families["plumb_up"] != nil || families["process_cpu_seconds_total"] == nil {
		t.Errorf("%v", families)
	}
	target.want()
	if up := value(t, scrape(t, c), "plumb_up", nil); up != 0 {
		t.Errorf("plumb_up is %v of a process that should be asked and cannot", up)
	}
}

func TestDelayJoined(t *testing.T) {
	late := &delay{Count: 1, Min: 5, Max: 3000, Mean: 3000, P99: 3000}
	next := &delay{Count: 3, Min: 4, Max: 10, Mean: 10, P99: 10}
	got := late.joined(next)
	if got.Count != 4 || got.Min != 4 || got.Max != 3000 || got.Mean != 757.5 || got.P99 != 3000 {
		t.Errorf("%+v", got)
	}
	if late.joined(nil) != late || (*delay)(nil).joined(late) != late || late.joined(&delay{}) != late {
		t.Error("nothing changes something")
	}
}

func TestWantsOpen(t *testing.T) {
	prometheus := "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
	for accept, want := range map[string]bool{
		"":                             false,
		"*/*":                          false,
		prometheus:                     true,
		"text/html, */*":               false,
		"application/openmetrics-text": true,
		"application/openmetrics-text; version=0.0.1":                false,
		"application/openmetrics-text; q=0.1, text/plain; q=0.9":     false,
		"application/openmetrics-text; q=0":                          false,
		"application/openmetrics-text; version=1.0.0; q=x, nonsense": false,
	} {
		if got := wantsOpen(accept); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
}
