package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// journal is a server that keeps what it was sent.
type journal struct {
	*httptest.Server
	mu       sync.Mutex
	requests []received
}

type received struct {
	remote, line, body string
	header             http.Header
}

// serve starts a server that answers with reply, or with "ok".
func serve(t *testing.T, reply http.HandlerFunc) *journal {
	j := &journal{}
	j.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		j.mu.Lock()
		j.requests = append(j.requests, received{r.RemoteAddr, r.Method + " " + r.URL.RequestURI(), string(body), r.Header})
		j.mu.Unlock()
		if reply != nil {
			reply(w, r)
			return
		}
		_, _ = io.WriteString(w, "ok\n")
	}))
	t.Cleanup(j.Close)
	return j
}

func (j *journal) lines() []string {
	var lines []string
	for _, r := range j.requests {
		lines = append(lines, r.line)
	}
	return lines
}

func mustRun(t *testing.T, plan Plan) *Report {
	t.Helper()
	r, err := Run(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	balance(t, r)
	return r
}

// balance checks what holds for every report.
func balance(t *testing.T, r *Report) {
	t.Helper()
	var failed, withoutAnswer, statuses, targets int64
	for _, e := range r.Errors {
		failed += e.Count
		if e.Kind != Status4xx && e.Kind != Status5xx {
			withoutAnswer += e.Count
		}
	}
	for _, n := range r.StatusCodes {
		statuses += n
	}
	for _, target := range r.Targets {
		targets += target.Requests
	}
	if r.Requests != r.Completed+r.Unfinished+withoutAnswer || r.Failed != failed || r.Completed != statuses || r.Requests != targets {
		t.Errorf("the numbers do not add up: %+v", r)
	}
}

func TestExactCounts(t *testing.T) {
	for _, connections := range []int{1, 7, 64} {
		for _, keepAlive := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d %v", connections, keepAlive), func(t *testing.T) {
				j := serve(t, nil)
				r := mustRun(t, Plan{
					Targets:  []Target{{URL: j.URL + "/{{n}}"}},
					Requests: 1000, Connections: connections, KeepAlive: keepAlive,
				})
				if r.Requests != 1000 || r.Completed != 1000 || r.StatusCodes[200] != 1000 || len(j.requests) != 1000 {
					t.Errorf("the server has seen %d requests: %+v", len(j.requests), r)
				}
				connects := int64(1000)
				if keepAlive {
					connects = r.Connects
					if r.Connects > int64(connections) {
						t.Errorf("%d connections", r.Connects)
					}
				}
				if r.Connects != connects {
					t.Errorf("%d connections for 1000 requests", r.Connects)
				}
				remotes, lines := map[string]bool{}, map[string]bool{}
				for _, q := range j.requests {
					remotes[q.remote], lines[q.line] = true, true
				}
				if int64(len(remotes)) > r.Connects || len(lines) != 1000 || !lines["GET /1"] || !lines["GET /1000"] {
					t.Errorf("%d peers, %d different requests", len(remotes), len(lines))
				}
			})
		}
	}
}

func TestCountGoesOn(t *testing.T) {
	j := serve(t, nil)
	plan := Plan{Targets: []Target{{URL: j.URL + "/{{n}}"}}, Requests: 3, KeepAlive: true, Count: new(atomic.Int64)}
	mustRun(t, plan)
	mustRun(t, plan)
	want := []string{"GET /1", "GET /2", "GET /3", "GET /4", "GET /5", "GET /6"}
	if diff := cmp.Diff(want, j.lines()); diff != "" {
		t.Error(diff)
	}
}

func TestRequestOnTheWire(t *testing.T) {
	j := serve(t, nil)
	mustRun(t, Plan{
		Targets: []Target{{
			Method: "POST",
			URL:    j.URL + "/a%20b/{{n}}?id={{uuid}}&x={y}#fragment",
			Header: http.Header{"X-Id": {"{{uuid}}"}, "Accept": {"a", "b"}, "User-Agent": {"test/{{n}}"}},
			Body:   []byte(`{"n": {{n}}, "other": "{{name}}"}`),
		}},
		Requests: 2, KeepAlive: true,
	})
	for i, q := range j.requests {
		id := q.header.Get("X-Id")
		if want := fmt.Sprintf("POST /a%%20b/%d?id=%s&x={y}", i+1, id); q.line != want {
			t.Errorf("%s, want %s", q.line, want)
		}
		if want := fmt.Sprintf(`{"n": %d, "other": "{{name}}"}`, i+1); q.body != want {
			t.Errorf("body %s, want %s", q.body, want)
		}
		if len(id) != 36 || q.header.Get("User-Agent") != fmt.Sprintf("test/%d", i+1) || !slices.Equal(q.header["Accept"], []string{"a", "b"}) {
			t.Errorf("header %v", q.header)
		}
	}
	if j.requests[0].header.Get("X-Id") == j.requests[1].header.Get("X-Id") {
		t.Error("two requests have one UUID")
	}
}

func TestRoundAndWeights(t *testing.T) {
	j, other := serve(t, nil), serve(t, nil)
	r := mustRun(t, Plan{
		Targets:  []Target{{URL: j.URL + "/a", Weight: 3}, {URL: other.URL + "/b"}},
		Requests: 400, Connections: 8, KeepAlive: true,
	})
	if len(j.requests) != 300 || len(other.requests) != 100 || r.Targets[0].Requests != 300 {
		t.Errorf("%d and %d requests, want 300 and 100", len(j.requests), len(other.requests))
	}
}

// Each connection is a user that signs in, works and signs out, with a cookie
// of its own.
func TestSequenceWithCookies(t *testing.T) {
	var sessions atomic.Int64
	j := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/in" {
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: fmt.Sprint(sessions.Add(1)), Path: "/"})
		}
	})
	mustRun(t, Plan{
		Targets:  []Target{{URL: j.URL + "/in?u={{uuid}}"}, {URL: j.URL + "/work?u={{uuid}}"}, {URL: j.URL + "/out?u={{uuid}}", Method: "DELETE"}},
		Sequence: true, Requests: 12, Connections: 1, KeepAlive: true, Cookies: true,
	})
	user := ""
	for i, q := range j.requests {
		step := []string{"GET /in?u=", "GET /work?u=", "DELETE /out?u="}[i%3]
		if !strings.HasPrefix(q.line, step) {
			t.Errorf("request %d is %s, want %s", i, q.line, step)
		}
		id := strings.TrimPrefix(q.line, step)
		if i%3 == 0 {
			if id == user {
				t.Errorf("two passes have one UUID: %v", j.lines())
			}
			user = id
		} else if id != user {
			t.Errorf("the UUID changes in one pass: %v", j.lines())
		}
		if want := fmt.Sprintf("sid=%d", (i+2)/3); i > 0 && q.header.Get("Cookie") != want {
			t.Errorf("request %d has the cookie %q, want %q", i, q.header.Get("Cookie"), want)
		}
	}
}

func TestCookies(t *testing.T) {
	var sessions atomic.Int64
	j := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("sid"); err != nil {
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: fmt.Sprint(sessions.Add(1)), HttpOnly: true})
			http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark"})
		}
	})
	plan := Plan{Targets: []Target{{URL: j.URL + "/a"}}, Requests: 5, KeepAlive: true}
	mustRun(t, plan)
	if sessions.Load() != 5 {
		t.Errorf("%d sessions without cookies, want 5", sessions.Load())
	}
	sessions.Store(0)
	plan.Cookies = true
	mustRun(t, plan)
	if sessions.Load() != 1 {
		t.Errorf("%d sessions with cookies, want 1", sessions.Load())
	}
	if got := j.requests[9].header.Get("Cookie"); got != "sid=1; theme=dark" {
		t.Errorf("the last request has the cookies %q", got)
	}
	plan.Targets[0].Header = http.Header{"Cookie": {"a=b"}}
	if _, err := Run(t.Context(), plan); !errors.Is(err, errCookies) {
		t.Errorf("a header and kept cookies: %v", err)
	}
}

func TestStatuses(t *testing.T) {
	var n atomic.Int64
	j := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader([]int{200, 204, 302, 404, 500}[n.Add(1)%5])
	})
	r := mustRun(t, Plan{Targets: []Target{{URL: j.URL}}, Requests: 50, Connections: 3, KeepAlive: true})
	want := map[int]int64{200: 10, 204: 10, 302: 10, 404: 10, 500: 10}
	if diff := cmp.Diff(want, r.StatusCodes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]ErrorCount{{Kind: Status4xx, Count: 10}, {Kind: Status5xx, Count: 10}}, r.Errors); diff != "" {
		t.Error(diff)
	}
	if r.Completed != 50 || r.Connects > 3 {
		t.Errorf("completed %d over %d connections", r.Completed, r.Connects)
	}
}

func TestDuration(t *testing.T) {
	j := serve(t, nil)
	r := mustRun(t, Plan{Targets: []Target{{URL: j.URL}}, Duration: 50 * time.Millisecond, Connections: 4, KeepAlive: true})
	if r.Requests == 0 || r.Completed != r.Requests || int64(len(j.requests)) != r.Requests || r.Interrupted {
		t.Errorf("the server has seen %d: %+v", len(j.requests), r)
	}
	if r.Seconds < 0.05 {
		t.Errorf("ended after %f s", r.Seconds)
	}
}

func TestInterrupt(t *testing.T) {
	release := make(chan struct{})
	var arrived atomic.Int64
	ctx, cancel := context.WithCancel(t.Context())
	j := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/3" || r.URL.Path == "/4" {
			if arrived.Add(1) == 2 {
				cancel()
			}
			<-release
		}
	})
	defer close(release)
	r, err := Run(ctx, Plan{Targets: []Target{{URL: j.URL + "/{{n}}"}}, Requests: 100, Connections: 2, KeepAlive: true})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	balance(t, r)
	if r.Requests != 4 || r.Completed != 2 || r.Unfinished != 2 || !r.Interrupted || r.Failed != 0 {
		t.Errorf("%+v", r)
	}
}

func TestProgress(t *testing.T) {
	j := serve(t, nil)
	var seen []Progress
	mustRun(t, Plan{
		Targets: []Target{{URL: j.URL}}, Requests: 5,
		Progress: func(p Progress) { seen = append(seen, p) },
	})
	if len(seen) == 0 || seen[0].Total != 5 || seen[len(seen)-1].Sent > 5 {
		t.Errorf("%v", seen)
	}
}

func TestWrongPlans(t *testing.T) {
	good := Target{URL: "http://127.0.0.1:1/"}
	for name, plan := range map[string]Plan{
		"no target":       {Requests: 1},
		"no end":          {Targets: []Target{good}},
		"negative":        {Targets: []Target{good}, Requests: -1},
		"scheme":          {Targets: []Target{{URL: "ftp://127.0.0.1/"}}, Requests: 1},
		"host":            {Targets: []Target{{URL: "http:///a"}}, Requests: 1},
		"host template":   {Targets: []Target{{URL: "http://{{n}}/a"}}, Requests: 1},
		"template":        {Targets: []Target{{URL: "http://127.0.0.1/{{m}}"}}, Requests: 1},
		"method":          {Targets: []Target{{URL: "http://127.0.0.1/", Method: "GET /x"}}, Requests: 1},
		"header's name":   {Targets: []Target{{URL: "http://127.0.0.1/", Header: http.Header{"A b": {"c"}}}}, Requests: 1},
		"header's value":  {Targets: []Target{{URL: "http://127.0.0.1/", Header: http.Header{"A": {"b\r\nC: d"}}}}, Requests: 1},
		"Host of 2 lines": {Targets: []Target{{URL: "http://127.0.0.1/", Header: http.Header{"Host": {"b\r\nC: d"}}}}, Requests: 1},
		"length":          {Targets: []Target{{URL: "http://127.0.0.1/", Header: http.Header{"Content-Length": {"1"}}}}, Requests: 1},
		"weight":          {Targets: []Target{{URL: "http://127.0.0.1/", Weight: 5000}}, Requests: 1},
	} {
		var connect *ConnectError
		if _, err := Run(t.Context(), plan); err == nil || errors.As(err, &connect) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
