package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestElsewhere has a plumb monitor answer for a server that runs already: another
// one, whose Alertmanager it finds.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "alertmanager.yml", "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
	write(t, dir, "rules.yml", fmt.Sprintf(oneRule, "Fires"), "prometheus.yml", `
global: {evaluation_interval: 200ms}
rule_files: [rules.yml]
`)
	there := start(t, dir, "--config.file=prometheus.yml", "--alertmanager.config.file=alertmanager.yml", "--web.enable-admin-api")
	there.query(`ALERTS{alertname="Fires",alertstate="firing"} == 1`)
	s := start(t, t.TempDir(), "--prometheus-url="+there.url)
	s.query(`ALERTS{alertname="Fires",alertstate="firing"} == 1`)
	wants(t, s.get("/api/v1/rules"), "Fires")
	eventually(t, "the alert is seen", func() error {
		if _, text := s.ask(http.MethodGet, "/api/v2/alerts", ""); !strings.Contains(text, "Fires") {
			return errEmpty
		}
		return nil
	})
	code, text := s.ask(http.MethodPost, "/api/v2/silences", `{"matchers":[{"name":"alertname","value":"Fires","isRegex":false}],
		"startsAt":"2020-01-01T00:00:00Z","endsAt":"2099-01-01T00:00:00Z","createdBy":"a","comment":"b"}`)
	if code != http.StatusOK || !strings.Contains(there.get("/api/v2/silences"), "Fires") {
		t.Errorf("silence: %d %s", code, text)
	}
	for _, path := range []string{"/api/v1/admin/tsdb/snapshot", "/api/v1/write", "/api/v2/alerts"} {
		if code, text := s.ask(http.MethodPost, path, "[]"); code != http.StatusForbidden {
			t.Errorf("POST %s: %d %s", path, code, text)
		}
	}
	there.stop()
	if code, text := s.ask(http.MethodGet, "/api/v1/query?query=up", ""); code != http.StatusBadGateway {
		t.Errorf("when it has gone: %d %s", code, text)
	}
	if code, _ := s.ask(http.MethodGet, "/-/healthy", ""); code != http.StatusOK {
		t.Errorf("when it has gone, healthy: %d", code)
	}

	said := refuses(t, t.TempDir(), "--web.listen-address=127.0.0.1:0", "--prometheus-url=http://somebody:secret@"+strings.TrimPrefix(there.url, "http://"))
	wants(t, said, "ask http://somebody:xxxxx@", "connection refused", "hint: give the address")
	if strings.Contains(said, "secret") {
		t.Errorf("the password is shown: %s", said)
	}
	wants(t, refuses(t, t.TempDir(), "--prometheus-url=localhost"), "not an address of a server")
	wants(t, refuses(t, t.TempDir(), "--prometheus-url=http://localhost:1", "--config.file=x"), "nothing is scraped, stored or alerted here")
}
