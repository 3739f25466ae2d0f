package monitor

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/api"
	"github.com/prometheus/alertmanager/dispatch"
	"github.com/prometheus/alertmanager/eventrecorder"
	"github.com/prometheus/alertmanager/featurecontrol"
	"github.com/prometheus/alertmanager/marker"
	"github.com/prometheus/alertmanager/matcher/compat"
	"github.com/prometheus/alertmanager/nflog"
	"github.com/prometheus/alertmanager/notify"
	"github.com/prometheus/alertmanager/provider/mem"
	"github.com/prometheus/alertmanager/silence"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/common/model"
	"github.com/prometheus/common/route"
)

// Limits of Alertmanager, as its flags have them by default.
const (
	amRetention   = 120 * time.Hour // of silences and the notification log
	amMaintenance = 15 * time.Minute
	amAlertGC     = 30 * time.Minute
	amDispatchGC  = 30 * time.Second
)

// alertmanager is the embedded one: what outlives a reload of its file. The rest is
// in routing.
type alertmanager struct {
	http.Handler // /api/v2/

	alerts   *mem.Alerts
	silences *silence.Silences
	silencer *silence.Silencer
	sent     *nflog.Log
	muted    marker.GroupMarker
	pipeline *notify.PipelineBuilder
	metrics  *dispatch.DispatcherMetrics
	api      *api.API
	log      *slog.Logger
	url      *url.URL
	started  time.Time
	records  eventrecorder.Recorder // the empty one, which records nothing

	routing atomic.Pointer[routing]

	end  chan struct{}
	kept sync.WaitGroup // the writing of silences and the notification log
}

// silence and notification log are in files of these names, as Alertmanager has them.
const (
	silencesFile = "silences"
	sentFile     = "nflog"
)

func newAlertmanager(dir string, external *url.URL, log *slog.Logger) (*alertmanager, error) {
	log = log.With("component", "alertmanager")
	dir = filepath.Join(dir, "alertmanager")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, storageError(dir, err)
	}
	reg := prometheus.DefaultRegisterer
	features, err := featurecontrol.NewFlags(log, "")
	if err != nil {
		return nil, err
	}
	compat.InitFromFlags(log, features)
	a := &alertmanager{
		log: log, url: external, started: time.Now(), muted: marker.NewGroupMarker(), end: make(chan struct{}),
		pipeline: notify.NewPipelineBuilder(reg, features, eventrecorder.Recorder{}),
		metrics:  dispatch.NewDispatcherMetrics(false, reg, features),
	}
	a.sent, err = nflog.New(nflog.Options{
		SnapshotFile: filepath.Join(dir, sentFile), Retention: amRetention, Logger: log, Metrics: reg,
	})
	if err != nil {
		return nil, fmt.Errorf("read the notification log in %s: %w", dir, err)
	}
	a.silences, err = silence.New(silence.Options{
		SnapshotFile: filepath.Join(dir, silencesFile), Retention: amRetention, Logger: log, Metrics: reg,
		Limits: silence.Limits{MaxSilences: unlimited, MaxSilenceSizeBytes: unlimited},
	})
	if err != nil {
		return nil, fmt.Errorf("read the silences in %s: %w", dir, err)
	}
	a.silencer = silence.NewSilencer(a.silences, log, a.records)
	a.alerts, err = mem.NewAlerts(context.Background(), amAlertGC, 0, a.silencer, log, a.records, reg, features)
	if err != nil {
		return nil, err
	}
	if err := a.serve(reg); err != nil {
		a.alerts.Close()
		return nil, err
	}
	a.keep(dir)
	return a, nil
}

func unlimited() int { return 0 }

// serve makes the API. Only /api/v2/ of it is for us: the rest would hide
// Prometheus' own /api/v1.
func (a *alertmanager) serve(reg prometheus.Registerer) error {
	durations := promauto.With(reg).NewHistogramVec(prometheus.HistogramOpts{
		Name: "alertmanager_http_request_duration_seconds", Help: "Histogram of latencies for HTTP requests.", Buckets: prometheus.DefBuckets,
	}, []string{"handler", "method", "code"})
	var err error
	a.api, err = api.New(api.Options{
		Alerts: a.alerts, Silences: a.silences, GroupMutedFunc: a.muted.Muted, GroupFunc: a.groups,
		Logger: a.log, Registry: reg, RequestDuration: durations,
	})
	if err != nil {
		return err
	}
	a.Handler = a.api.Register(route.New(), "/")
	return nil
}

func (a *alertmanager) groups(ctx context.Context, routes func(*dispatch.Route) bool, alerts func(*alert.Alert, time.Time) bool) (dispatch.AlertGroups, map[model.Fingerprint][]string, error) {
	return a.routing.Load().dispatcher.Groups(ctx, routes, alerts)
}

func (a *alertmanager) keep(dir string) {
	a.kept.Go(func() { remember(a.sent, filepath.Join(dir, sentFile), a.end, a.log) })
	a.kept.Go(func() { remember(a.silences, filepath.Join(dir, silencesFile), a.end, a.log) })
}

func (a *alertmanager) close() {
	if r := a.routing.Load(); r != nil {
		r.stop()
	}
	a.alerts.Close()
	close(a.end)
	a.kept.Wait()
}
