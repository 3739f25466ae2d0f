package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// hook takes the notifications of a webhook receiver.
type hook struct {
	*httptest.Server

	got atomic.Int64
}

func startHook(t *testing.T) *hook {
	t.Helper()
	h := &hook{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { h.got.Add(1) }))
	t.Cleanup(h.Close)
	return h
}

// TestKill kills plumb monitor while it takes samples, and starts it again.
func TestKill(t *testing.T) {
	t.Parallel()
	dir, hook := t.TempDir(), startHook(t)
	address := freeAddress(t)
	write(t, dir, "prometheus.yml", `
global: {scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms}
rule_files: [rules.yml]
scrape_configs: [{job_name: self, static_configs: [{targets: ['`+address+`']}]}]
`, "rules.yml", `
groups:
  - name: g
    rules:
      - {alert: Waits, expr: vector(1), for: 1h}
      - {alert: Fires, expr: vector(1)}
      - {alert: Silenced, expr: vector(1)}
`, "alertmanager.yml", `
route: {receiver: hook, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
receivers: [{name: hook, webhook_configs: [{url: '`+hook.URL+`'}]}]
`)
	args := []string{"--config.file=prometheus.yml", "--alertmanager.config.file=alertmanager.yml", "--web.listen-address=" + address}
	s := start(t, dir, args...)
	silence := fmt.Sprintf(`{"matchers":[{"name":"alertname","value":"Silenced","isRegex":false}],
		"startsAt":%q,"endsAt":%q,"createdBy":"a test","comment":"kept"}`,
		time.Now().UTC().Format(time.RFC3339), time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	if code, text := s.ask(http.MethodPost, "/api/v2/silences", silence); code != http.StatusOK {
		t.Fatalf("silence: %d: %s", code, text)
	}
	eventually(t, "a notification", func() error {
		if hook.got.Load() == 0 {
			return errors.New("none has come")
		}
		return nil
	})
	s.query(`count_over_time(up{job="self"}[1h]) > 5`)
	s.query(`time() - ALERTS_FOR_STATE{alertname="Waits"} > 10`) // it has waited for longer than a start takes
	eventually(t, "the notification log", func() error { return notEmpty(filepath.Join(dir, "data", "alertmanager", "nflog")) })
	notified := hook.got.Load()
	s.kill()
	killed := time.Now()

	s = start(t, dir, args...)
	count := s.query(fmt.Sprintf(`count_over_time(up{job="self"}[1h] @ %d.%03d)`, killed.Unix(), killed.Nanosecond()/1e6))
	if n, err := strconv.Atoi(count); err != nil || n <= 5 {
		t.Errorf("%s samples from before are there", count)
	}
	wants(t, s.get("/api/v2/silences"), `"comment":"kept"`, `"state":"active"`)
	// The state of "for" is restored from the samples, after the second evaluation.
	// Until then both alerts are active since the first.
	eventually(t, "the alert that waits", func() error {
		waits, err := s.rule("Waits")
		fires, err2 := s.rule("Fires")
		switch {
		case err != nil || err2 != nil:
			return errors.Join(err, err2)
		case len(waits.Alerts) != 1 || len(fires.Alerts) != 1:
			return errEmpty
		case !waits.Alerts[0].ActiveAt.Before(fires.Alerts[0].ActiveAt):
			return fmt.Errorf("it is active since %v, the one without state since %v", waits.Alerts[0].ActiveAt, fires.Alerts[0].ActiveAt)
		}
		return nil
	})
	// The alert that fires is known to Alertmanager again, and nobody is told twice.
	eventually(t, "the alert that fires", func() error {
		var alerts []struct {
			Labels map[string]string
			Status struct{ State string }
		}
		if err := json.Unmarshal([]byte(s.get("/api/v2/alerts")), &alerts); err != nil {
			return err
		}
		states := map[string]string{}
		for _, a := range alerts {
			states[a.Labels["alertname"]] = a.Status.State
		}
		if states["Fires"] != "active" || states["Silenced"] != "suppressed" {
			return fmt.Errorf("%v", states)
		}
		return nil
	})
	s.query(`alertmanager_nflog_queries_total > 0`) // it was about to notify
	if n := hook.got.Load(); n != notified {
		t.Errorf("%d notifications came, %d before the kill", n, notified)
	}
}

func notEmpty(file string) error {
	info, err := os.Stat(file)
	if err == nil && info.Size() == 0 {
		err = errors.New("is empty")
	}
	return err
}

// selfScrape is a file with one job: plumb monitor itself.
func selfScrape(t *testing.T, dir string) (address string) {
	t.Helper()
	address = freeAddress(t)
	write(t, dir, "prometheus.yml", `
global: {scrape_interval: 200ms, scrape_timeout: 200ms}
scrape_configs: [{job_name: self, static_configs: [{targets: ['`+address+`']}]}]
`)
	return address
}

// TestDamage writes nonsense into the log of samples that a kill has left.
func TestDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	args := []string{"--config.file=prometheus.yml", "--web.listen-address=" + selfScrape(t, dir)}
	s := start(t, dir, args...)
	s.query(`count_over_time(up[1h]) > 5`)
	s.kill()
	damage(t, dir)
	s = start(t, dir, args...)
	s.says("the log of samples was damaged")
	wants(t, s.get("/metrics"), "prometheus_tsdb_wal_corruptions_total 1")
	s.query(`count_over_time(up[1h]) > 5`)
	s.stop()
	s = start(t, dir, args...) // it was repaired
	wants(t, s.get("/metrics"), "prometheus_tsdb_wal_corruptions_total 0")
}

// TestAgentDamage does the same to an agent, whose store is away. The library counts no
// repair of its log, and says so only there.
func TestAgentDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	args := []string{"--agent", "--config.file=prometheus.yml", "--web.listen-address=" + selfScrape(t, dir)}
	add(t, dir, "remote_write: [{url: 'http://"+freeAddress(t)+"/'}]\n")
	s := start(t, dir, args...)
	eventually(t, "some samples", func() error {
		info, err := os.Stat(filepath.Join(dir, "data", "wal", "00000000"))
		if err == nil && info.Size() < 20_000 {
			err = errors.New("there are too few")
		}
		return err
	})
	s.kill()
	damage(t, dir)
	s = start(t, dir, args...)
	s.says("Starting corruption repair")
	eventually(t, "scrapes", func() error {
		if text := s.get("/api/v1/targets"); !strings.Contains(text, `"health":"up"`) {
			return errors.New(text)
		}
		return nil
	})
	s.kill() // it would wait for its store
}

// damage writes nonsense into the log of samples.
func damage(t *testing.T, dir string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, "data", "wal", "00000000"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte(strings.Repeat("nonsense", 16)), info.Size()-info.Size()/4); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestLock starts a second one on the same folder.
func TestLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "prometheus.yml", "")
	start(t, dir, "--config.file=prometheus.yml")
	wants(t, refuses(t, dir, "--config.file=prometheus.yml", "--web.listen-address=127.0.0.1:0"), "error: open the data in data: another process uses it", "hint: another plumb monitor or Prometheus runs on this folder")
}

// TestTaken starts a second one at the same address.
func TestTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	wants(t, refuses(t, t.TempDir(), "--web.listen-address="+l.Addr().String()), "error: listen at "+l.Addr().String()+": another process uses it", "hint: stop it, or give another address")
}
