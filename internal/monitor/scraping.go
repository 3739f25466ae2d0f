package monitor

import (
	"context"
	"errors"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/discovery"
	"github.com/prometheus/prometheus/scrape"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/util/features"
	"github.com/prometheus/prometheus/util/logging"

	// How targets can be found. All of Prometheus' ways would triple the program.
	_ "github.com/prometheus/prometheus/discovery/dns"
	_ "github.com/prometheus/prometheus/discovery/file"
	_ "github.com/prometheus/prometheus/discovery/http"
)

// scraping finds targets and scrapes them.
type scraping struct {
	finder *finder
	jobs   *scrape.Manager
}

// finder finds the targets of scrape jobs, or Alertmanagers.
type finder struct {
	*discovery.Manager

	stop context.CancelFunc
}

func newFinder(name string, metrics *discovery.SDMetrics, log *slog.Logger) (*finder, error) {
	ctx, stop := context.WithCancel(context.Background())
	m := discovery.NewManager(ctx, log.With("component", "discovery "+name), prometheus.DefaultRegisterer, metrics, discovery.Name(name))
	if m == nil { // it has logged why
		stop()
		return nil, errors.New("start the discovery of targets")
	}
	return &finder{m, stop}, nil
}

// run returns when it is stopped.
func (f *finder) run() error {
	if err := f.Run(); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func newScraping(finder *finder, into storage.AppendableV2, log *slog.Logger) (*scraping, error) {
	jobs, err := scrape.NewManager(&scrape.Options{FeatureRegistry: features.DefaultRegistry, DiscoveryReloadOnStartup: true},
		log.With("component", "scrape"), logging.NewJSONFileLogger, nil, into, prometheus.DefaultRegisterer)
	if err != nil {
		return nil, err
	}
	return &scraping{finder, jobs}, nil
}

// apply has the jobs known before their targets come.
func (s *scraping) apply(f *files) error {
	if err := s.jobs.ApplyConfig(f.Config); err != nil {
		return err
	}
	ways := map[string]discovery.Configs{}
	for _, job := range f.scrapes {
		ways[job.JobName] = job.ServiceDiscoveryConfigs
	}
	return s.finder.ApplyConfig(ways)
}

func (s *scraping) run() error { return s.jobs.Run(s.finder.SyncCh()) }
