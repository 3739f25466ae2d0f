package monitor

import (
	"net/http"

	commonconfig "github.com/prometheus/common/config"
	"github.com/prometheus/prometheus/rules"

	"github.com/plumb-dev/plumb/internal/monitor/diagnose"
	"github.com/plumb-dev/plumb/internal/supervise/control"
)

// notifying is what rules give their alerts to: the queue for Alertmanagers, and
// before it who has alerts bring a diagnosis.
func (s *Server) notifying() rules.NotifyFunc {
	send := rules.SendAlerts(s.alerting, s.external.String())
	if s.options.DiagnoseEvery == 0 {
		return send
	}
	d := diagnose.New(diagnose.Options{
		Every: s.options.DiagnoseEvery, Parser: s.parser, Notice: s.options.Notice,
		Targets: s.scraping.jobs.TargetsActive, Client: s.scraping.client, Token: ownToken,
	})
	s.parts.onStop(d.Close)
	return d.Notify(send)
}

// client reaches the targets of a job as its scrapes do: with its TLS, proxy and
// authorization.
func (s *scraping) client(job string) (*http.Client, error) {
	c, err := s.jobs.ScrapePoolConfig(job)
	if err != nil {
		return nil, err
	}
	return commonconfig.NewClientFromConfig(c.HTTPClientConfig, job)
}

// ownToken is what a plumb of this user at this machine has written down.
func ownToken(address string) string {
	if !isLocal(address) {
		return ""
	}
	token, _ := control.FindToken(address) // it says itself that it wants one
	return token
}
