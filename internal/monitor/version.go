package monitor

import (
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/prometheus/alertmanager/notify"
	"github.com/prometheus/client_golang/prometheus"
	versioncollector "github.com/prometheus/client_golang/prometheus/collectors/version"
	"github.com/prometheus/common/version"
	"github.com/prometheus/prometheus/scrape"
	"github.com/prometheus/prometheus/storage/remote"
	"github.com/prometheus/prometheus/web"
)

// buildVersion says which Prometheus is inside: Grafana chooses its requests by it.
// The module v0.315.0 is Prometheus 3.15.0.
func buildVersion() *web.PrometheusVersion {
	return &web.PrometheusVersion{Version: released(moduleVersion("github.com/prometheus/prometheus")), GoVersion: runtime.Version()}
}

// tellVersions names the versions of what is inside where the libraries look for
// their own. Both look at the same place: Prometheus when it registers what it is
// and makes its user agents, Alertmanager whenever amtool asks.
func tellVersions(v *web.PrometheusVersion, reg prometheus.Registerer) {
	version.Version, version.GoVersion = v.Version, v.GoVersion
	reg.MustRegister(versioncollector.NewCollector("prometheus"))
	scrape.UserAgent, remote.UserAgent = version.PrometheusUserAgent(), version.PrometheusUserAgent()
	version.Version = strings.TrimPrefix(moduleVersion("github.com/prometheus/alertmanager"), "v")
	notify.UserAgentHeader = version.ComponentUserAgent("Alertmanager")
}

func moduleVersion(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == path {
				return d.Version
			}
		}
	}
	return ""
}

// released turns the version of Prometheus' module into that of its releases:
// 0.315.2 is 3.15.2.
func released(module string) string {
	_, minor, ok := strings.Cut(strings.TrimPrefix(module, "v"), ".")
	if !ok || len(minor) < 4 {
		return module
	}
	return minor[:1] + "." + strings.TrimPrefix(minor[1:2], "0") + minor[2:]
}
