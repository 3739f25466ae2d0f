package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestOutgrow sends samples from an agent to another server, and has others read
// them there.
func TestOutgrow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "prometheus.yml", "")
	store := start(t, dir, "--config.file=prometheus.yml", "--web.enable-remote-write-receiver")

	dir = t.TempDir()
	address := selfScrape(t, dir)
	add(t, dir, "remote_write: [{url: '"+store.url+"/api/v1/write'}]\n")
	agent := start(t, dir, "--agent", "--config.file=prometheus.yml", "--web.listen-address="+address)
	store.query(`up{job="self"} == 1`)
	if code, text := agent.ask(http.MethodGet, "/api/v1/query?query=up", ""); code < 400 {
		t.Errorf("the agent answers a query: %s", text)
	}
	wants(t, agent.get("/api/v1/targets"), `"health":"up"`)

	dir = t.TempDir()
	write(t, dir, "prometheus.yml", "remote_read: [{url: '"+store.url+"/api/v1/read', read_recent: true}]\n")
	reader := start(t, dir, "--config.file=prometheus.yml")
	reader.query(`up{job="self"} == 1`)

	dir = t.TempDir()
	write(t, dir, "prometheus.yml", `
global: {scrape_interval: 200ms, scrape_timeout: 200ms}
scrape_configs:
  - job_name: federate
    honor_labels: true
    metrics_path: /federate
    params: {'match[]': ['{job="self"}']}
    static_configs: [{targets: ['`+strings.TrimPrefix(store.url, "http://")+`']}]
`)
	above := start(t, dir, "--config.file=prometheus.yml")
	above.query(`up{job="self"} == 1`)
}

// add adds to prometheus.yml.
func add(t *testing.T, dir, text string) {
	t.Helper()
	write(t, dir, "prometheus.yml", readFile(t, dir, "prometheus.yml")+text)
}

// TestAlertmanagers finds out which Alertmanager is meant.
func TestAlertmanagers(t *testing.T) {
	t.Parallel()
	startFor := func(alertmanager string, more ...string) *server {
		t.Helper()
		dir := t.TempDir()
		write(t, dir, "rules.yml", fmt.Sprintf(oneRule, "Fires"), "prometheus.yml", `
global: {evaluation_interval: 200ms}
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['`+alertmanager+`']}]}]}
`)
		return start(t, dir, append(more, "--config.file=prometheus.yml")...)
	}
	has := func(url string) func() error {
		return func() error {
			response, err := http.Get(url + "/api/v2/alerts")
			if err != nil {
				return err
			}
			defer response.Body.Close()
			if text := readAll(t, response.Body); !strings.Contains(text, `"alertname":"Fires"`) {
				return fmt.Errorf("%d: %s", response.StatusCode, text)
			}
			return nil
		}
	}
	// Nobody answers at the address: the embedded one does then, there, too.
	free := freeAddress(t)
	s := startFor(free)
	eventually(t, "embedded", has(s.url))
	eventually(t, "embedded, at its address", has("http://"+free))
	wants(t, s.get("/api/v1/alertmanagers"), `"http://`+free+`/api/v2/alerts"`)

	// Somebody answers: it is meant.
	other := start(t, t.TempDir())
	at := strings.TrimPrefix(other.url, "http://")
	s = startFor(at)
	eventually(t, "another one", has(other.url))
	if code, text := s.ask(http.MethodGet, "/api/v2/alerts", ""); code != http.StatusNotFound || !strings.Contains(text, "alerts go to another Alertmanager") {
		t.Errorf("%d: %s", code, text)
	}
	s.stop()

	// Unless the user says otherwise.
	other = start(t, t.TempDir())
	at = strings.TrimPrefix(other.url, "http://")
	s = startFor(at, "--alertmanager=embedded")
	eventually(t, "embedded", has(s.url))
	if err := has(other.url)(); err == nil {
		t.Error("the other one got it, too")
	}

	// And an external one is never ours.
	s = startFor(freeAddress(t), "--alertmanager=external")
	if code, _ := s.ask(http.MethodGet, "/api/v2/alerts", ""); code != http.StatusNotFound {
		t.Errorf("external: %d", code)
	}
}
