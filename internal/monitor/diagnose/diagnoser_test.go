package diagnose

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/scrape"
	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/diagnosis/call"
	"github.com/plumb-dev/plumb/internal/leak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "0123456789abcdef"

func ignore(*diagnosis.Finding) {}

// host is a plumb: its desk and its findings.
type host struct {
	address string
	desk    *call.Desk
	asked   atomic.Int32 // for a diagnosis
	listed  atomic.Int32 // for findings

	mu       sync.Mutex
	findings []*diagnosis.Finding // the newest first
}

func newHost(t *testing.T) *host {
	t.Helper()
	h := &host{desk: call.NewDesk(token)}
	mux := http.NewServeMux()
	desk := h.desk.Handler(func(w io.Writer, f *diagnosis.Finding) error { return json.NewEncoder(w).Encode(f) })
	mux.HandleFunc(call.Path, func(w http.ResponseWriter, r *http.Request) {
		h.asked.Add(1)
		desk.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /api/findings", func(w http.ResponseWriter, _ *http.Request) {
		h.listed.Add(1)
		var rows []string
		for _, f := range h.all() {
			rows = append(rows, fmt.Sprintf(`{"id":%q,"app":%q}`, f.ID, f.App))
		}
		_, _ = fmt.Fprintf(w, `{"rows":[%s]}`, strings.Join(rows, ","))
	})
	mux.HandleFunc("GET /api/findings/{id}", func(w http.ResponseWriter, r *http.Request) {
		for _, f := range h.all() {
			if f.ID == r.PathValue("id") {
				_ = json.NewEncoder(w).Encode(f)
			}
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	h.address = server.Listener.Addr().String()
	return h
}

func (h *host) all() []*diagnosis.Finding {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.findings
}

func (h *host) keep(f *diagnosis.Finding) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.findings = append([]*diagnosis.Finding{f}, h.findings...)
}

// watch has a program that answers calls.
func (h *host) watch(t *testing.T, app string, answer func(why string) (*diagnosis.Finding, error)) {
	t.Helper()
	p := h.desk.Enter(app, 0, 7, ignore)
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case c := <-p.Calls:
				c.Answer(answer(c.Why))
			case <-ended:
				return
			}
		}
	}()
	t.Cleanup(func() { close(ended) })
}

// leaks is a finding of a variable.
func leaks(id, app, variable string, at time.Time) *diagnosis.Finding {
	return &diagnosis.Finding{ID: id, App: app, Time: at, Result: &leak.Result{
		Verdict: leak.Leaking, Requests: 100, Findings: []leak.Finding{{
			Verdict: leak.Leaking, Variable: variable, Cause: leak.ModuleVariable, Container: leak.Container{Name: variable, Kind: "container"},
			Declared: leak.Place{File: "/srv/app.js", Line: 3, Exact: true}, Counts: []int{0, 100}, Share: 3200,
			Path: []leak.Step{{Object: "GC root"}, {Object: "module scope of app.js", Reference: "variable " + variable, Suspect: true}, {Object: "Array"}},
		}},
	}}
}

// monitor is a diagnoser with its targets, and the notes that it has made.
type monitor struct {
	*Diagnoser
	notes chan string
	sent  [][]*rules.Alert
}

func newMonitor(t *testing.T, every time.Duration, targets ...*scrape.Target) *monitor {
	t.Helper()
	m := &monitor{notes: make(chan string, 100)}
	m.Diagnoser = New(Options{
		Every: every, Parser: parser.NewParser(parser.Options{}), Notice: func(text string) { m.notes <- text },
		Targets: func() map[string][]*scrape.Target { return targetsOf(targets...) },
		Client:  func(string) (*http.Client, error) { return &http.Client{Transport: &http.Transport{}}, nil },
		Token:   func(string) string { return token },
	})
	t.Cleanup(m.Close)
	return m
}

// send has an alert sent, and returns what of it the queue gets.
func (m *monitor) send(a rules.Alert) map[string]string {
	m.Notify(func(_ context.Context, _ string, alerts ...*rules.Alert) { m.sent = append(m.sent, alerts) })(
		context.Background(), "nodejs_external_memory_bytes > 1", &a)
	return a.Annotations.Map()
}

// sendUntil has it sent again until it has a finding, as rules do it.
func (m *monitor) sendUntil(t *testing.T, a rules.Alert) map[string]string {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if got := m.send(a); got["plumb_finding"] != "" {
			return got
		}
	}
	t.Fatal("it gets no finding")
	return nil
}

// quiet waits until nobody is looked for or asked.
func (m *monitor) quiet() {
	for busy := true; busy; {
		busy = false
		m.mu.Lock()
		for _, e := range m.episodes {
			busy = busy || e.waiting
		}
		for _, c := range m.cases {
			busy = busy || c.asking
		}
		m.mu.Unlock()
	}
}

// note waits for what a person is told.
func (m *monitor) note(t *testing.T, want string) {
	t.Helper()
	select {
	case got := <-m.notes:
		if !strings.Contains(got, want) {
			t.Errorf("note %q, want %q", got, want)
		}
	case <-time.After(time.Minute):
		t.Errorf("no note %q", want)
	}
}

func firing(fired time.Time, l ...string) rules.Alert {
	return rules.Alert{
		State: rules.StateFiring, FiredAt: fired, Annotations: labels.FromStrings("summary", "high"),
		Labels: labels.FromStrings(append([]string{"alertname", "High", "job", "node"}, l...)...),
	}
}

// TestAlertBringsDiagnosis follows an alert from its first notification, which
// nothing holds back, to the resolved one.
func TestAlertBringsDiagnosis(t *testing.T) {
	h := newHost(t)
	asked, go1 := make(chan string, 1), make(chan struct{})
	h.watch(t, "api", func(why string) (*diagnosis.Finding, error) {
		asked <- why
		<-go1
		return leaks("api-1", "api", "kept", time.Now()), nil
	})
	m := newMonitor(t, time.Hour, target("node", h.address, plumbShows))
	a := firing(time.Now(), "instance", h.address, "app", "api")
	if got := m.send(a); len(got) != 1 || got["summary"] != "high" {
		t.Errorf("at first it has %v", got)
	}
	if why := <-asked; why != "the alert High fires" {
		t.Errorf("asked because %q", why)
	}
	if got := m.send(a); len(got) != 1 {
		t.Errorf("meanwhile it has %v", got)
	}
	close(go1)
	m.note(t, "api: the alert High brings its diagnosis: kept (app.js:3) keeps 32 B of each request: module variable")
	want := map[string]string{
		"summary":       "high",
		"plumb_finding": "kept (app.js:3) keeps 32 B of each request: module variable",
		"plumb_path":    "GC root > module scope of app.js, kept > Array",
		"plumb_url":     "http://" + h.address + "/api/findings/api-1",
	}
	if again := m.sent[len(m.sent)-1]; len(m.sent) != 3 || fmt.Sprint(again[0].Annotations.Map()) != fmt.Sprint(want) {
		t.Errorf("sent %d times, at last with %v: not by itself with the finding", len(m.sent), again[0].Annotations)
	}
	resolved := a
	resolved.ResolvedAt = time.Now()
	for _, one := range []rules.Alert{a, resolved, resolved} {
		if got := m.send(one); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("it has %v, want %v", got, want)
		}
	}
	// Another alert of the app, and the same one anew, have it at once: the app does not
	// stand still for them.
	for _, one := range []rules.Alert{
		firing(time.Now(), "instance", h.address, "app", "api", "severity", "critical"),
		firing(time.Now().Add(time.Second), "instance", h.address, "app", "api"),
	} {
		if got := m.send(one); got["plumb_finding"] != want["plumb_finding"] {
			t.Errorf("another one has %v", got)
		}
	}
	if n := h.asked.Load(); n != 1 || len(m.sent) != 8 {
		t.Errorf("asked %d times, sent on %d alerts", n, len(m.sent))
	}
}

// TestOverBeforeFound has an alert end before its finding is there: it is not sent as one
// that fires after that.
func TestOverBeforeFound(t *testing.T) {
	h := newHost(t)
	asked, answer := make(chan struct{}), make(chan struct{})
	h.watch(t, "api", func(string) (*diagnosis.Finding, error) {
		close(asked)
		<-answer
		return leaks("api-1", "api", "kept", time.Now()), nil
	})
	m := newMonitor(t, time.Hour, target("node", h.address, plumbShows))
	a := firing(time.Now(), "instance", h.address, "app", "api")
	m.send(a)
	<-asked
	a.ResolvedAt = time.Now()
	m.send(a)
	close(answer)
	m.note(t, "brings its diagnosis")
	if len(m.sent) != 2 {
		t.Errorf("sent %d times, at last %+v", len(m.sent), m.sent[len(m.sent)-1][0])
	}
}

// TestLateTarget has an alert fire before its target is scraped, as after a start: when
// it ends it has what another alert of the app has brought.
func TestLateTarget(t *testing.T) {
	h := newHost(t)
	h.watch(t, "api", func(string) (*diagnosis.Finding, error) { return leaks("api-1", "api", "kept", time.Now()), nil })
	m := newMonitor(t, time.Hour)
	early := firing(time.Now(), "instance", h.address, "app", "api", "severity", "critical")
	m.send(early)
	m.quiet()
	m.Diagnoser.Options.Targets = func() map[string][]*scrape.Target { return targetsOf(target("node", h.address, plumbShows)) }
	want := m.sendUntil(t, firing(time.Now(), "instance", h.address, "app", "api"))
	early.ResolvedAt = time.Now()
	if got := m.send(early); got["plumb_finding"] != want["plumb_finding"] {
		t.Errorf("when it ends it has %v", got)
	}
}

// TestKnownFinding holds that a plumb with a fresh finding is asked for no other, but
// one with an old one is, and that the finding of another app is not taken.
func TestKnownFinding(t *testing.T) {
	h := newHost(t)
	h.keep(leaks("api-old", "api", "old", time.Now().Add(-2*time.Hour)))
	h.keep(leaks("web-1", "web", "of web", time.Now().Add(-time.Minute)))
	h.watch(t, "api", func(string) (*diagnosis.Finding, error) { return leaks("api-new", "api", "new", time.Now()), nil })
	m := newMonitor(t, time.Hour, target("node", h.address, plumbShows))
	got := m.sendUntil(t, firing(time.Now(), "instance", h.address, "app", "web"))
	if !strings.HasPrefix(got["plumb_finding"], "of web ") || h.asked.Load() != 0 {
		t.Errorf("%v; asked %d times", got, h.asked.Load())
	}
	got = m.sendUntil(t, firing(time.Now(), "instance", h.address, "app", "api"))
	if !strings.HasPrefix(got["plumb_finding"], "new ") || h.asked.Load() != 1 {
		t.Errorf("%v; asked %d times", got, h.asked.Load())
	}
}

// TestSameName holds apart programs that plumb has not given their names.
func TestSameName(t *testing.T) {
	h := newHost(t)
	other := leaks("app-js-1", "app.js", "of another", time.Now())
	other.Program.PID = 8
	h.keep(other)
	h.watch(t, "app.js", func(string) (*diagnosis.Finding, error) {
		return leaks("app-js-2", "app.js", "its own", time.Now()), nil
	})
	m := newMonitor(t, time.Hour, target("node", h.address, plumbShows))
	got := m.sendUntil(t, firing(time.Now(), "instance", h.address, "app", "app.js", "pid", "7"))
	if !strings.HasPrefix(got["plumb_finding"], "its own ") {
		t.Errorf("%v", got)
	}
	got = m.sendUntil(t, firing(time.Now(), "instance", h.address, "app", "app.js", "pid", "8"))
	if !strings.HasPrefix(got["plumb_finding"], "of another ") {
		t.Errorf("%v", got)
	}
}

// TestNoDiagnosis has what is in the way said once, and asked again later only.
func TestNoDiagnosis(t *testing.T) {
	h := newHost(t)
	h.watch(t, "api", func(string) (*diagnosis.Finding, error) { return nil, diagnosis.ErrNotGrown })
	m := newMonitor(t, time.Hour, target("node", h.address, plumbShows))
	a := firing(time.Now(), "instance", h.address, "app", "api")
	m.send(a)
	m.note(t, "api: the alert High brings no diagnosis: what JavaScript holds has not grown: the memory is in native code, or in gaps between allocations (no snapshot was taken)")
	for range 100 {
		if got := m.send(a); len(got) != 1 {
			t.Fatalf("it has %v", got)
		}
		m.quiet()
	}
	if n := h.asked.Load(); n != 1 || len(m.notes) != 0 {
		t.Errorf("asked %d times, %d more notes", n, len(m.notes))
	}
	m = newMonitor(t, time.Nanosecond, target("node", h.address, plumbShows))
	for range 10 {
		m.send(a)
		m.quiet()
	}
	if n := h.asked.Load(); n < 3 || len(m.notes) != 1 {
		t.Errorf("asked %d times, with %d notes", n, len(m.notes))
	}
}

// TestBegun has the program that has begun with a diagnosis be asked for the rest, and
// not another instance of its app.
func TestBegun(t *testing.T) {
	h := newHost(t)
	var asked []int
	for n := range 2 {
		p := h.desk.Enter("api", n, 7+n, ignore)
		ended := make(chan struct{})
		go func() {
			for {
				select {
				case c := <-p.Calls:
					if asked = append(asked, n); len(asked) < 3 { // the desk has one call at a time
						c.Answer(nil, &diagnosis.Later{Err: diagnosis.ErrEarly, In: time.Minute})
					} else {
						c.Answer(leaks("api-1", "api", "kept", time.Now()), nil)
					}
				case <-ended:
					return
				}
			}
		}()
		t.Cleanup(func() { close(ended) })
	}
	m := newMonitor(t, time.Millisecond, target("node", h.address, plumbShows))
	m.send(firing(time.Now(), "app", "api", "instance", "1"))
	m.note(t, "api: the alert High brings no diagnosis yet: too early for a second snapshot (ask again then)")
	m.sendUntil(t, firing(time.Now(), "app", "api", "instance", "0"))
	if fmt.Sprint(asked) != "[1 1 1]" {
		t.Errorf("asked %v", asked)
	}
}

// TestWrongToken has the plumb's own words.
func TestWrongToken(t *testing.T) {
	h := newHost(t)
	h.watch(t, "api", func(string) (*diagnosis.Finding, error) { return nil, nil })
	m := newMonitor(t, time.Hour, target("node", h.address, plumbShows))
	m.Diagnoser.Options.Token = func(string) string { return "fedcba9876543210" }
	m.send(firing(time.Now(), "instance", h.address, "app", "api"))
	m.note(t, "this is not the token of this plumb")
}

// TestSeveralPlumbs finds the one that has the app, past one that is no desk, and
// guesses nothing.
func TestSeveralPlumbs(t *testing.T) {
	first, second := newHost(t), newHost(t)
	var exporter *httptest.Server
	for exporter == nil || exporter.Listener.Addr().String() > min(first.address, second.address) { // it is asked first
		exporter = httptest.NewServer(&call.Refusal{Status: http.StatusNotImplemented, Text: "this plumb exporter leaves the programs alone"})
		t.Cleanup(exporter.Close)
	}
	first.watch(t, "web", func(string) (*diagnosis.Finding, error) { return leaks("web-1", "web", "of web", time.Now()), nil })
	second.watch(t, "api", func(string) (*diagnosis.Finding, error) { return leaks("api-1", "api", "of api", time.Now()), nil })
	m := newMonitor(t, time.Hour,
		target("node", exporter.Listener.Addr().String(), plumbShows), target("node", first.address, plumbShows), target("node", second.address, plumbShows))
	got := m.sendUntil(t, firing(time.Now(), "instance", "0", "app", "api"))
	if !strings.HasPrefix(got["plumb_finding"], "of api ") || got["plumb_url"] != "http://"+second.address+"/api/findings/api-1" {
		t.Errorf("%v", got)
	}
	m.note(t, "api: the alert High brings its diagnosis")
	m.send(firing(time.Now()))
	m.note(t, "it may be about any of 3 plumbs: keep the labels app and instance in its rule")
}

// TestSilentPlumb has plumbs that take connections and never answer: nothing waits
// for them, not even the end.
func TestSilentPlumb(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	m := newMonitor(t, time.Hour, target("node", silent.Addr().String(), plumbShows))
	for n := range 3 * mostAsking {
		for range 10 {
			if got := m.send(firing(time.Now(), "instance", silent.Addr().String(), "app", fmt.Sprint(n))); len(got) != 1 {
				t.Fatalf("it has %v", got)
			}
		}
	}
	for asking := 0; asking < mostAsking; {
		conn, err := silent.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		asking++
	}
	m.Close()
	if len(m.sent) != 30*mostAsking || len(m.notes) != 0 {
		t.Errorf("%d alerts sent on, %d notes", len(m.sent), len(m.notes))
	}
}

// TestBounds holds what is remembered within its bounds, and has it forgotten.
func TestBounds(t *testing.T) {
	m := newMonitor(t, time.Hour) // no targets at all
	now := time.Now()
	for n := range mostEpisodes + 100 {
		m.send(firing(now, "n", fmt.Sprint(n)))
	}
	m.mu.Lock()
	if len(m.episodes) != mostEpisodes {
		t.Errorf("%d episodes", len(m.episodes))
	}
	m.mu.Unlock()
	for waiting := true; waiting; time.Sleep(time.Millisecond) { // until all have been looked at
		m.mu.Lock()
		waiting = len(m.waiting) > 0
		m.mu.Unlock()
	}
	m.Close()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cases["over"], m.cases["resting"] = &inquiry{next: now}, &inquiry{next: now.Add(forgetAfter + 2*time.Hour)}
	m.sweep(now.Add(forgetAfter + time.Hour))
	if len(m.episodes) > 1 || len(m.cases) != 1 { // the one that was looked at last may not be marked so
		t.Errorf("%d episodes and %d cases after the sweep", len(m.episodes), len(m.cases))
	}
}
