package metrics

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	dto "github.com/prometheus/client_model/go"
)

func watchApp(t *testing.T, a *app) *Collector {
	t.Helper()
	c := collect(t, nil)
	c.Instance("app", "0").Watch(a.Info().PID).Ask(a.Process)
	until(t, "the program is asked", func() bool { // it may be slower than a scrape waits
		return len(scrape(t, c)["nodejs_version_info"].GetMetric()) > 0
	})
	return c
}

// scrapeAfter scrapes when so many requests have been counted: a client has the
// response before the server calls it finished.
func scrapeAfter(t *testing.T, c *Collector, requests uint64) (families map[string]*dto.MetricFamily) {
	t.Helper()
	until(t, strconv.FormatUint(requests, 10)+" requests are counted", func() bool {
		families = scrape(t, c)
		var n uint64
		for _, m := range families["http_request_duration_ms"].GetMetric() {
			n += m.Histogram.GetSampleCount()
		}
		if n > requests {
			t.Fatalf("%d requests, want %d", n, requests)
		}
		return n == requests
	})
	return families
}

func TestRequests(t *testing.T) {
	a := startApp(t)
	c := watchApp(t, a)
	for i := range 3 {
		get(t, a.url+"/?route=/users/:id")
		get(t, a.url+"/secret/"+strconv.Itoa(i)+"?code=404")
	}
	families := scrapeAfter(t, c, 6)
	if n := value(t, families, "http_request_duration_ms", map[string]string{"method": "GET", "route": "/users/:id", "code": "200"}); n != 3 {
		t.Errorf("%v requests", n)
	}
	if n := value(t, families, "http_request_duration_seconds", map[string]string{"route": "unmatched", "code": "404"}); n != 3 {
		t.Errorf("%v requests that no router knows", n)
	}
	for _, m := range families["http_request_duration_ms"].Metric {
		checkHistogram(t, m.Histogram, len(millisecondBounds))
	}
	for i, m := range families["http_request_duration_seconds"].Metric {
		checkHistogram(t, m.Histogram, len(secondBounds))
		ms := families["http_request_duration_ms"].Metric[i].Histogram
		if got, want := m.Histogram.GetSampleSum()*1000, ms.GetSampleSum(); got < want*0.999 || got > want*1.001 {
			t.Errorf("%v ms in seconds, %v in milliseconds", got, want)
		}
		if got, want := m.Histogram.Bucket[0].GetCumulativeCount(), ms.Bucket[9].GetCumulativeCount(); got != want {
			t.Errorf("%d requests within 5 ms, %d within 0.005 s", want, got)
		}
	}
}

func checkHistogram(t *testing.T, h *dto.Histogram, bounds int) {
	t.Helper()
	if n := len(h.Bucket); n != bounds+1 { // the parser keeps +Inf
		t.Errorf("%d buckets, want %d", n, bounds+1)
	}
	var last uint64
	for _, b := range h.Bucket {
		if b.GetCumulativeCount() < last {
			t.Errorf("a bucket has less than the one below: %v", h)
		}
		last = b.GetCumulativeCount()
	}
	if last != h.GetSampleCount() || h.GetSampleSum() <= 0 {
		t.Errorf("%d requests in the last bucket, %d in all, sum %v", last, h.GetSampleCount(), h.GetSampleSum())
	}
}

// TestManyRoutes has more routes than are told apart: none is lost.
func TestManyRoutes(t *testing.T) {
	a := startApp(t)
	c := watchApp(t, a)
	const routes = mostSeries + 50
	for i := range routes {
		get(t, fmt.Sprintf("%s/?route=/r%d", a.url, i))
	}
	family := scrapeAfter(t, c, routes)["http_request_duration_ms"]
	if n := len(family.Metric); n != mostSeries+1 {
		t.Errorf("%d series, want %d", n, mostSeries+1)
	}
	if n := find(family, map[string]string{"method": "other", "route": "other", "code": "other"}); len(n) != 1 {
		t.Errorf("%d series for the rest", len(n))
	}
}

var braces = regexp.MustCompile(`:(\w+)`)

// TestRoutes asks real frameworks for their routes. It runs with PLUMB_NODES and
// needs npm.
func TestRoutes(t *testing.T) {
	if os.Getenv("PLUMB_NODES") == "" {
		t.Skip("set PLUMB_NODES to test frameworks")
	}
	frameworks := []struct {
		name     string
		packages []string
	}{
		{"express4", []string{"express@4"}},
		{"express5", []string{"express@5"}},
		{"fastify", []string{"fastify@5"}},
		{"koa", []string{"koa@2", "@koa/router@13"}},
		{"hapi", []string{"@hapi/hapi@21"}},
	}
	eachNode(t, func(t *testing.T, bin string) {
		for _, f := range frameworks {
			t.Run(f.name, func(t *testing.T) {
				modules := npmInstall(t, f.name, f.packages...)
				a := startScript(t, filepath.Join("testdata", "frameworks.cjs"), []string{"MODULES=" + modules, "FRAMEWORK=" + f.name}, bin)
				c := watchApp(t, a)
				for _, id := range []string{"1", "2"} {
					for _, path := range []string{"/users/", "/api/v1/items/", "/shops/7" + id + "/items/", "/nothing/"} {
						get(t, a.url+path+id)
					}
				}
				family := scrapeAfter(t, c, 8)["http_request_duration_seconds"]
				for route, code := range map[string]string{
					"/users/:id": "200", "/api/v1/items/:id": "200", "/shops/:shop/items/:id": "200", "unmatched": "404",
				} {
					if f.name == "hapi" {
						route = braces.ReplaceAllString(route, "{$1}")
					}
					found := find(family, map[string]string{"route": route, "code": code})
					if len(found) != 1 || found[0].Histogram.GetSampleCount() != 2 {
						t.Errorf("no 2 requests of %s", route)
					}
				}
				if n := len(family.GetMetric()); n != 4 || t.Failed() {
					for _, m := range family.GetMetric() {
						t.Errorf("%v: %d", labelsOf(m), m.Histogram.GetSampleCount())
					}
				}
			})
		}
	})
}

// TestCountRequests counts requests without a scrape.
func TestCountRequests(t *testing.T) {
	a := startApp(t)
	c := collect(t, nil)
	target := c.Instance("app", "0").Watch(a.Info().PID)
	if _, known := target.Requests(t.Context()); known {
		t.Error("nobody asks it")
	}
	target.Ask(a.Process)
	before, known := target.Requests(t.Context())
	if !known {
		t.Fatal("it does not say")
	}
	for range 3 {
		get(t, a.url)
	}
	until(t, "three requests are counted", func() bool {
		n, known := target.Requests(t.Context())
		return known && n == before+3
	})
	if n := value(t, scrape(t, c), "http_request_duration_seconds", nil); n != float64(before+3) {
		t.Errorf("the scrape has %v", n)
	}
}

// delays is a probe that tells of one delay after the other, in nanoseconds.
type delays []float64

func (d *delays) read(context.Context) ([]byte, error) {
	next := (*d)[0]
	*d = (*d)[1:]
	return flat(&reading{Delay: &delay{Count: 1, Max: next}}), nil
}

func (d *delays) end(context.Context) {}

// TestCountTakesNothing holds that a scrape has what was measured since the one
// before, also when requests were counted meanwhile.
func TestCountTakesNothing(t *testing.T) {
	c := collect(t, nil)
	target := c.Instance("app", "0").Watch(os.Getpid())
	target.use(&delays{1e9, 7e9, 2e9, 3e9})
	for _, want := range []float64{1, 7, 3} {
		if want == 7 {
			if _, known := target.Requests(t.Context()); !known {
				t.Fatal("it does not say")
			}
		}
		if got := value(t, scrape(t, c), "nodejs_eventloop_lag_max_seconds", nil); got != want {
			t.Errorf("the longest delay is %v, want %v", got, want)
		}
	}
}
