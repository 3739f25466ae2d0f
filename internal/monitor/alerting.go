package monitor

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/discovery"
	"github.com/prometheus/prometheus/notifier"
)

// alerting sends alerts to Alertmanagers: by HTTP to those elsewhere, within the
// process to the embedded one. Queues, relabelling, external labels and what the
// API says of Alertmanagers are Prometheus' own in both cases.
type alerting struct {
	*notifier.Manager

	finder   *finder
	embedded http.Handler                        // nil when there is none
	ours     atomic.Pointer[map[string]struct{}] // addresses that the embedded one answers for
}

// queued is how many alerts wait for an Alertmanager that is away.
const queued = 10_000

func newAlerting(finder *finder, embedded http.Handler, log *slog.Logger) *alerting {
	a := &alerting{finder: finder, embedded: embedded}
	a.ours.Store(&map[string]struct{}{})
	options := &notifier.Options{
		QueueCapacity: queued, DrainOnShutdown: true, Registerer: prometheus.DefaultRegisterer, Do: a.do,
	}
	a.Manager = notifier.NewManager(options, config.DefaultGlobalConfig.MetricNameValidationScheme, log.With("component", "notifier"))
	return a
}

// apply takes over a file; ours are the addresses in it that are the embedded one's.
func (a *alerting) apply(f *files, ours []string) error {
	set := map[string]struct{}{}
	for _, address := range ours {
		set[address] = struct{}{}
	}
	a.ours.Store(&set)
	if err := a.ApplyConfig(f.Config); err != nil {
		return err
	}
	ways := map[string]discovery.Configs{}
	for key, one := range f.AlertingConfig.AlertmanagerConfigs.ToMap() {
		ways[key] = one.ServiceDiscoveryConfigs
	}
	return a.finder.ApplyConfig(ways)
}

func (a *alerting) run() { a.Run(a.finder.SyncCh()) }

// settle waits until an Alertmanager is known, for some seconds at most. A rule that
// is true at once would tell nobody before, and again only in a minute.
func (a *alerting) settle() {
	for range 100 {
		if len(a.Alertmanagers()) > 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// do sends one request.
func (a *alerting) do(ctx context.Context, client *http.Client, r *http.Request) (*http.Response, error) {
	if _, ours := (*a.ours.Load())[r.URL.Host]; ours {
		return serveWithin(a.embedded, r.WithContext(ctx)), nil
	}
	return client.Do(r.WithContext(ctx))
}

// serveWithin has a handler answer a request that never leaves the process. What
// stands before /api/v2/ is the path_prefix of the file.
func serveWithin(h http.Handler, r *http.Request) *http.Response {
	if at := strings.Index(r.URL.Path, "/api/v2/"); at > 0 {
		r.URL.Path = r.URL.Path[at:]
	}
	// What a server's request has and a client's has not.
	r.RequestURI, r.RemoteAddr = r.URL.RequestURI(), r.URL.Host
	w := &answer{header: http.Header{}, code: http.StatusOK}
	h.ServeHTTP(w, r)
	return &http.Response{
		StatusCode: w.code, Status: http.StatusText(w.code), Header: w.header, Body: io.NopCloser(&w.body), Request: r,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(w.body.Len()),
	}
}

// answer is a response in memory.
type answer struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(code int)        { a.code = code }
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }
