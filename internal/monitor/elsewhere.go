package monitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// elsewhere is a Prometheus that runs already, instead of the embedded one: what we
// are asked is asked there, and about alerts at the first Alertmanager that it sends
// to. Only what reads is passed on, and silences.
type elsewhere struct {
	prometheus *url.URL
	client     *http.Client
	log        *slog.Logger
}

// Elsewhere is what is shown when a Prometheus that runs already answers, as JSON.
type Elsewhere struct {
	URL        string `json:"url"`
	Prometheus string `json:"prometheus"` // its URL
	Version    string `json:"version"`
}

// elsewherePatience is for the other server at the start, and for finding its
// Alertmanager.
const elsewherePatience = 10 * time.Second

func newElsewhere(address string, log *slog.Logger) (*elsewhere, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, &Error{"take --prometheus-url " + address, errors.New("not an address of a server"), "such as http://localhost:9090"}
	}
	return &elsewhere{prometheus: u, client: &http.Client{Timeout: elsewherePatience}, log: log}, nil
}

// runElsewhere serves what another Prometheus says until ctx ends.
func (s *Server) runElsewhere(ctx context.Context) error {
	there, err := newElsewhere(s.options.PrometheusURL, s.log)
	if err != nil {
		return err
	}
	var build struct{ Version string }
	if err := there.get(ctx, "status/buildinfo", &build); err != nil {
		return &Error{"ask " + there.prometheus.Redacted(), err, "give the address under which that Prometheus answers, with its path if it has one"}
	}
	gate, err := s.open()
	defer func() { s.listening.close() }()
	if err != nil {
		return err
	}
	gate.next = there.pages(s.page)
	defer s.parts.stop()
	if err := s.serve(gate); err != nil {
		return err
	}
	shown := Elsewhere{URL: s.external.String(), Prometheus: there.prometheus.Redacted(), Version: build.Version}
	s.options.Ready(shown, fmt.Sprintf("Monitoring at %s\n  data    of Prometheus %s at %s; nothing is scraped or stored here\n", shown.URL, shown.Version, shown.Prometheus))
	s.tellPage(gate)
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.parts.failed:
		return err
	}
}

// pages are what is answered.
func (e *elsewhere) pages(page Page) http.Handler {
	mux := http.NewServeMux()
	there := e.proxy(func(context.Context) (*url.URL, error) { return e.prometheus, nil })
	mux.Handle("/federate", there)
	for _, writes := range []string{"/api/v1/admin/", "/api/v1/write", "/api/v1/otlp/", "POST /api/v2/alerts"} {
		mux.HandleFunc(writes, func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "plumb monitor only reads there: ask that server itself", http.StatusForbidden)
		})
	}
	mux.Handle("GET /metrics", promhttp.Handler())
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "plumb monitor runs") })
	mux.Handle("GET /-/ready", there)
	mux.Handle("/", page(map[string]http.Handler{"/api/v1/": there, "/api/v2/": e.proxy(e.alertmanager)}))
	return mux
}

// proxy passes requests on, without what a browser or script has shown to us alone.
func (e *elsewhere) proxy(to func(context.Context) (*url.URL, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, err := to(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		proxy := &httputil.ReverseProxy{
			Rewrite: func(p *httputil.ProxyRequest) {
				p.SetURL(u)
				for _, ours := range []string{"Authorization", "Cookie", "Origin", "Referer"} {
					p.Out.Header.Del(ours)
				}
				if u.User != nil {
					password, _ := u.User.Password()
					p.Out.SetBasicAuth(u.User.Username(), password)
				}
			},
			ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
				http.Error(w, fmt.Sprintf("ask %s: %v", u.Redacted(), err), http.StatusBadGateway)
			},
			ErrorLog: slog.NewLogLogger(e.log.Handler(), slog.LevelDebug),
		}
		proxy.ServeHTTP(w, r)
	})
}

// alertmanager is the first that the other Prometheus sends its alerts to.
func (e *elsewhere) alertmanager(ctx context.Context) (*url.URL, error) {
	var known struct {
		ActiveAlertmanagers []struct{ URL string }
	}
	if err := e.get(ctx, "alertmanagers", &known); err != nil {
		return nil, fmt.Errorf("ask %s for its Alertmanagers: %w", e.prometheus.Redacted(), err)
	}
	if len(known.ActiveAlertmanagers) == 0 {
		return nil, fmt.Errorf("%s sends its alerts to no Alertmanager", e.prometheus.Redacted())
	}
	u, err := url.Parse(known.ActiveAlertmanagers[0].URL)
	if err != nil {
		return nil, err
	}
	// It names the address for alerts; requests have that path already.
	u.Path, _, _ = strings.Cut(u.Path, "/api/")
	return u, nil
}

// get asks the API of the other Prometheus.
func (e *elsewhere) get(ctx context.Context, path string, data any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.prometheus.JoinPath("api/v1", path).String(), nil)
	if err != nil {
		return err
	}
	response, err := e.client.Do(request)
	if err != nil {
		return errors.Unwrap(err) // without the URL, which may hold a password
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("it answers %s", response.Status)
	}
	answer := struct{ Data any }{data}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&answer); err != nil {
		return fmt.Errorf("its answer is not Prometheus': %w", err)
	}
	return nil
}
