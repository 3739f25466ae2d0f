package metrics

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// group is one target in the form of Prometheus' http_sd.
type group struct {
	Targets []string          `json:"targets"`
	Labels  map[string]string `json:"labels"`
}

// Discovery answers Prometheus' http_sd: each program as a target of its own, so
// that it has its own up, and a slow one delays itself alone.
func (e *Exporter) Discovery(w http.ResponseWriter, r *http.Request) {
	groups := []group{}
	for _, p := range e.shown() {
		pid := strconv.Itoa(p.PID)
		groups = append(groups, group{[]string{r.Host}, map[string]string{
			"__metrics_path__":     "/metrics",
			"__param_pid":          pid,
			"__meta_plumb_pid":     pid,
			"__meta_plumb_app":     p.Label(),
			"__meta_plumb_script":  p.Script,
			"__meta_plumb_runtime": p.Runtime,
			"__meta_plumb_user":    p.User,
			"instance":             p.Label() + ":" + pid,
		}})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(groups) // a Prometheus that has gone needs none
}
