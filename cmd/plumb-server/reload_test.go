package main

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

const oneRule = `
groups:
  - name: g
    rules:
      - alert: %s
        expr: vector(1)
`

// TestReload breaks each file in turn: what was loaded last goes on.
func TestReload(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := map[string]string{
		"prometheus.yml":   "rule_files: [rules.yml]\nscrape_configs: [{job_name: first, static_configs: [{targets: ['127.0.0.1:1']}]}]\n",
		"rules.yml":        fmt.Sprintf(oneRule, "First"),
		"alertmanager.yml": "route: {receiver: first}\nreceivers: [{name: first}]\n",
	}
	for name, text := range good {
		write(t, dir, name, text)
	}
	s := start(t, dir, "--config.file=prometheus.yml", "--alertmanager.config.file=alertmanager.yml")
	unchanged := func() {
		t.Helper()
		wants(t, s.get("/api/v1/rules"), `"First"`)
		wants(t, s.get("/api/v1/status/config"), "job_name: first")
		wants(t, s.get("/api/v2/receivers"), `"first"`)
	}
	for _, broken := range []struct{ file, text, want string }{
		{"prometheus.yml", "global:\n  scrape_interval: soon\n", "load the configuration: prometheus.yml:2: not a valid duration string"},
		{"prometheus.yml", "\nscrape_configs:\n  - job_nam: x\n", "prometheus.yml:3: field job_nam not found"},
		{"prometheus.yml", "scrape_configs:\n  - job_name: x\n    tls_config:\n      ca_file: none.pem\n", "prometheus.yml:4: job x: unable to read CA cert"},
		{"rules.yml", "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: up ===\n", "load the configuration: rules.yml:5:15: group "},
		{"alertmanager.yml", "route: {receiver: nobody}\n", `alertmanager.yml:1: undefined receiver "nobody"`},
	} {
		write(t, dir, broken.file, broken.text)
		code, text := s.ask(http.MethodPost, "/-/reload", "")
		if code != http.StatusInternalServerError || !strings.Contains(text, broken.want) || !strings.Contains(text, "stays as it was") {
			t.Errorf("%s: %d: %s, want %s", broken.file, code, text, broken.want)
		}
		unchanged()
		wants(t, s.get("/metrics"), "prometheus_config_last_reload_successful 0")
		write(t, dir, broken.file, good[broken.file])
	}

	// SIGHUP, too, with a broken file first.
	write(t, dir, "rules.yml", "groups: 1\n")
	if err := s.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	s.says("the configuration stays as it was: load the configuration: rules.yml:1: cannot unmarshal !!int `1` into []rulefmt.RuleGroup\n")
	unchanged()
	write(t, dir, "rules.yml", fmt.Sprintf(oneRule, "Second"),
		"alertmanager.yml", "route: {receiver: second}\nreceivers: [{name: second}]\n",
		"prometheus.yml", strings.ReplaceAll(good["prometheus.yml"], "first", "second"))
	if err := s.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	s.says("the configuration was read again")
	wants(t, s.get("/api/v1/rules"), `"Second"`)
	wants(t, s.get("/api/v1/status/config"), "job_name: second")
	wants(t, s.get("/api/v2/receivers"), `"second"`)
	wants(t, s.get("/metrics"), "prometheus_config_last_reload_successful 1")
}
