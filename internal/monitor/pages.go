package monitor

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
)

// pages are what we answer: first that we are starting, then everything, at last
// that we are ending.
type pages struct{ shown atomic.Pointer[http.Handler] }

func newPages() *pages {
	p := &pages{}
	p.hide("plumb monitor is starting")
	return p
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*p.shown.Load()).ServeHTTP(w, r) }

func (p *pages) set(h http.Handler) { p.shown.Store(&h) }

// hide answers with why there is nothing else to answer, and that we live.
func (p *pages) hide(why string) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, why) })
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, why, http.StatusServiceUnavailable) })
	p.set(mux)
}

// Page makes what people see from the APIs that there are, by path. It answers every
// path but those of programs.
type Page func(apis map[string]http.Handler) http.Handler

// programs ask below these paths, and at these. All others are the page's.
var programs = []string{"/api/", "/-/", "/debug/", "/federate", "/metrics", "/version"}

func ofPage(r *http.Request) bool {
	return !slices.ContainsFunc(programs, func(path string) bool {
		return strings.HasPrefix(r.URL.Path, path) && (strings.HasSuffix(path, "/") || r.URL.Path == path)
	})
}

// ofUser tells a request for what is the user's own: neither Prometheus nor Alertmanager
// has it, and it is more than what this server is.
func ofUser(r *http.Request) bool {
	path := r.URL.Path
	return strings.HasPrefix(path, "/api/") && !slices.ContainsFunc([]string{"/api/v1/", "/api/v2/", "/api/about"}, func(open string) bool {
		return strings.HasPrefix(path, open)
	})
}

// show answers everything.
func (p *pages) show(s *Server) {
	mux := http.NewServeMux()
	for _, path := range []string{"/federate", "/metrics", "/version", "/debug/pprof/", "/-/healthy", "/-/ready"} {
		mux.Handle(path, s.api)
	}
	mux.HandleFunc("POST /-/reload", s.serveReload)
	mux.HandleFunc("PUT /-/reload", s.serveReload)
	apis := map[string]http.Handler{"/api/v1/": s.api}
	if s.alertmanager != nil {
		apis["/api/v2/"] = http.HandlerFunc(s.serveAlertmanager)
	} else {
		mux.HandleFunc("/api/v2/", s.serveAlertmanager)
	}
	mux.Handle("/", s.page(apis))
	p.set(mux)
}

// serveAlertmanager is the API of the embedded one, where there is one that gets
// alerts: else it would be mistaken for the one that does.
func (s *Server) serveAlertmanager(w http.ResponseWriter, r *http.Request) {
	if s.alertmanager == nil || len(*s.alerting.ours.Load()) == 0 {
		http.Error(w, "alerts go to another Alertmanager: /api/v1/alertmanagers says to which", http.StatusNotFound)
		return
	}
	s.alertmanager.ServeHTTP(w, r)
}

func (s *Server) serveReload(w http.ResponseWriter, _ *http.Request) {
	if err := s.Reload(); err != nil {
		http.Error(w, "the configuration stays as it was: "+err.Error(), http.StatusInternalServerError)
	}
}
