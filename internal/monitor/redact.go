package monitor

import (
	"net/url"

	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/discovery"
	"github.com/prometheus/prometheus/discovery/http"
)

// redact takes out the one secret that Prometheus' configuration shows when it is
// written: the password in the URL of an http_sd.
func redact(c *config.Config) {
	var ways discovery.Configs
	for _, job := range c.ScrapeConfigs {
		ways = append(ways, job.ServiceDiscoveryConfigs...)
	}
	for _, set := range c.AlertingConfig.AlertmanagerConfigs {
		ways = append(ways, set.ServiceDiscoveryConfigs...)
	}
	for _, way := range ways {
		if sd, ok := way.(*http.SDConfig); ok {
			if u, err := url.Parse(sd.URL); err == nil {
				sd.URL = u.Redacted()
			}
		}
	}
}
