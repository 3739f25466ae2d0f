package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/plumb-dev/plumb/internal/fleet/ledger"
)

// pages are those for Prometheus.
func (h *hub) pages() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(&collector{h})
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /sd", h.discovery)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if !h.conn.IsConnected() {
			http.Error(w, "NATS is away", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "plumb hub\n\n/metrics\n/sd\n/healthz")
	})
	return mux
}

// target is one of Prometheus' http_sd.
type target struct {
	Targets []string          `json:"targets"`
	Labels  map[string]string `json:"labels"`
}

// discovery has one target for each plumb that shows metrics and was heard of lately.
func (h *hub) discovery(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
	defer cancel()
	apps, now, err := ledger.Apps(ctx, h.js)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable) // Prometheus keeps what it has
		return
	}
	targets := []target{}
	at := map[string]int{}
	for _, a := range apps {
		if a.Metrics == "" || ledger.StateOf(&a, now) != a.State || a.State == "left" {
			continue
		}
		i, known := at[a.Metrics]
		if !known {
			i = len(targets)
			at[a.Metrics] = i
			targets = append(targets, target{[]string{a.Metrics}, map[string]string{
				"__meta_plumb_agent": a.Agent, "__meta_plumb_host": a.Host, "__meta_plumb_release": a.Release, "__meta_plumb_apps": "",
			}})
		}
		names := strings.FieldsFunc(targets[i].Labels["__meta_plumb_apps"], func(r rune) bool { return r == ',' })
		if !slices.Contains(names, a.App) {
			targets[i].Labels["__meta_plumb_apps"] = strings.Join(append(names, a.App), ",")
		}
	}
	slices.SortFunc(targets, func(a, b target) int { return strings.Compare(a.Targets[0], b.Targets[0]) })
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(targets) // a Prometheus that has gone needs none
}
