//go:build conformance

package monitor

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

// target is a program with signals that both stacks scrape.
type target struct {
	mu      sync.Mutex
	signals map[string]bool // by labels, as they are written
	server  *httptest.Server
}

func startTarget(t *testing.T) *target {
	tg := &target{signals: map[string]bool{}}
	tg.server = httptest.NewServer(tg)
	t.Cleanup(tg.server.Close)
	return tg
}

func (tg *target) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	tg.mu.Lock()
	defer tg.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	fmt.Fprintln(w, "# TYPE signal gauge")
	for _, labels := range slices.Sorted(maps.Keys(tg.signals)) {
		value := 0
		if tg.signals[labels] {
			value = 1
		}
		fmt.Fprintf(w, "signal{%s} %d\n", labels, value)
	}
	fmt.Fprintln(w, "# TYPE work_seconds histogram")
	for i, le := range []string{"0.1", "1", "+Inf"} {
		fmt.Fprintf(w, "work_seconds_bucket{le=%q} %d\n", le, 5*(i+1))
	}
	fmt.Fprint(w, "work_seconds_sum 7.5\nwork_seconds_count 15\n# TYPE dropped_total counter\ndropped_total 1\n")
}

// set turns a signal of an app's instance on or off.
func (tg *target) set(kind, app, instance string, on bool) {
	tg.mu.Lock()
	defer tg.mu.Unlock()
	tg.signals[fmt.Sprintf("kind=%q,app=%q,instance_id=%q", kind, app, instance)] = on
}
