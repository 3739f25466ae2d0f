package monitor

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/discovery"
	"github.com/prometheus/prometheus/discovery/refresh"
	"github.com/prometheus/prometheus/discovery/targetgroup"

	"github.com/plumb-dev/plumb/internal/supervise/control"
)

// watchText is the configuration of a user who has none. The jobs are those of
// deploy/prometheus/prometheus.yml, and find their targets by themselves.
const watchText = `
global:
  scrape_interval: 15s
scrape_configs:
  - job_name: plumb-run
    honor_labels: true
    plumb_sd_configs:
      - refresh_interval: 5s
`

// everyText goes below it when every Node.js process is to be watched.
const everyText = `
  - job_name: plumb-exporter
    http_sd_configs:
      - url: http://ADDRESS/sd
        refresh_interval: 5s
`

// watching is the text of the watch.
func (s *Server) watching() string {
	if s.exporter == "" {
		return watchText
	}
	return watchText + strings.ReplaceAll(everyText, "ADDRESS", s.exporter)
}

// SDConfig finds what plumb run keeps up on this machine. In a file it is
//
//	plumb_sd_configs:
//	  - refresh_interval: 5s
type SDConfig struct {
	RefreshInterval model.Duration `yaml:"refresh_interval,omitempty"`
}

// Prometheus learns of ways to find targets when a program starts.
func init() { discovery.RegisterConfig(&SDConfig{}) }

// Name is for [discovery.Config], as are the others.
func (*SDConfig) Name() string { return "plumb" }

// UnmarshalYAML fills in what is not given.
func (c *SDConfig) UnmarshalYAML(unmarshal func(any) error) error {
	c.RefreshInterval = model.Duration(15 * time.Second)
	type plain SDConfig
	return unmarshal((*plain)(c))
}

// NewDiscovererMetrics makes the metrics of the refreshing alone.
func (*SDConfig) NewDiscovererMetrics(_ prometheus.Registerer, r discovery.RefreshMetricsInstantiator) discovery.DiscovererMetrics {
	return &sdMetrics{r}
}

// NewDiscoverer makes what looks again and again.
func (c *SDConfig) NewDiscoverer(o discovery.DiscovererOptions) (discovery.Discoverer, error) {
	return refresh.NewDiscovery(refresh.Options{
		Logger: o.Logger, Mech: c.Name(), SetName: o.SetName, Interval: time.Duration(c.RefreshInterval),
		RefreshF: findRuns, MetricsInstantiator: o.Metrics.(*sdMetrics).refreshing,
	}), nil
}

type sdMetrics struct {
	refreshing discovery.RefreshMetricsInstantiator
}

func (*sdMetrics) Register() error { return nil }
func (*sdMetrics) Unregister()     {}

// findRuns asks who keeps apps up here. One that has ended goes with the next look.
func findRuns(context.Context) ([]*targetgroup.Group, error) {
	runs, err := control.All()
	if err != nil {
		return nil, err
	}
	group := &targetgroup.Group{Source: "plumb"}
	for _, r := range runs {
		if r.Metrics != "" {
			group.Targets = append(group.Targets, model.LabelSet{
				model.AddressLabel:     model.LabelValue(r.Metrics),
				"__meta_plumb_app":     model.LabelValue(r.App), // the first of it
				"__meta_plumb_pid":     model.LabelValue(strconv.Itoa(r.PID)),
				"__meta_plumb_folder":  model.LabelValue(r.Dir),
				"__meta_plumb_started": model.LabelValue(r.Started.Format(time.RFC3339)),
			})
		}
	}
	return []*targetgroup.Group{group}, nil
}
