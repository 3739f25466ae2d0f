package monitor

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"

	"github.com/grafana/regexp"
	remoteapi "github.com/prometheus/client_golang/exp/api/remote"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/util/features"
	"github.com/prometheus/prometheus/util/notifications"
	"github.com/prometheus/prometheus/web"
)

// prometheusAPI is Prometheus' web handler: /api/v1, federation, its own metrics. It
// can only serve a listener; so it serves one within the process, and what we are
// asked is passed on to it. Our guard and Alertmanager's API stand before it.
type prometheusAPI struct {
	*httputil.ReverseProxy

	web    *web.Handler
	within *pipe
}

// noOrigin matches none: no other page may read the API.
var noOrigin = regexp.MustCompile(`^[^\s\S]$`)

// Limits of remote read, as Prometheus' flags have them by default.
const (
	readSamples     = 50_000_000
	readConcurrency = 10
	readFrame       = 1 << 20
)

// connections is more than any page or Grafana opens.
const connections = 512

// newAPI makes the handler; o has the parts that it asks.
func newAPI(o *web.Options, external *url.URL, log *slog.Logger) *prometheusAPI {
	running := notifications.NewNotifications(16, prometheus.DefaultRegisterer)
	o.Context = context.Background()
	o.Gatherer, o.Registerer, o.FeatureRegistry = prometheus.DefaultGatherer, prometheus.DefaultRegisterer, features.DefaultRegistry
	o.NotificationsGetter, o.NotificationsSub = running.Get, running.Sub
	o.AppName = "plumb monitor"
	o.ExternalURL, o.RoutePrefix, o.CORSOrigin = external, "/", noOrigin
	o.AcceptRemoteWriteProtoMsgs = remoteapi.MessageTypes{remoteapi.WriteV1MessageType, remoteapi.WriteV2MessageType}
	o.LookbackDelta = lookback
	o.RemoteReadSampleLimit, o.RemoteReadConcurrencyLimit, o.RemoteReadBytesInFrame = readSamples, readConcurrency, readFrame
	p := &prometheusAPI{web: web.New(log.With("component", "api"), o), within: newPipe()}
	p.ReverseProxy = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", "prometheus"
			r.Out.Host = r.In.Host
		},
		Transport: &http.Transport{
			DialContext:         func(ctx context.Context, _, _ string) (net.Conn, error) { return p.within.dial(ctx) },
			MaxIdleConnsPerHost: connections,
			DisableCompression:  true, // what is compressed stays so
		},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug), // who asked has gone
	}
	return p
}

func (p *prometheusAPI) run(ctx context.Context) error {
	return p.web.Run(ctx, []net.Listener{p.within}, "")
}
