package main

import (
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// browse has an example keep 12 MB of requests.
func browse(t *testing.T, url string) {
	t.Helper()
	for n := range 3000 {
		request, err := http.NewRequest(http.MethodGet, url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("User-Agent", fmt.Sprint(n, strings.Repeat("-", 4000)))
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
}

// TestAlertWithoutBaseline has an alert be about a program of which no snapshot was
// taken: two are taken then, and a later notification has what they tell.
func TestAlertWithoutBaseline(t *testing.T) {
	plumb := buildPlumb(t)
	leaky := example(t, "user-agents")
	for name, watch := range map[string]func(t *testing.T, dir string) (k *kept, url string){
		"run": func(t *testing.T, dir string) (*kept, string) {
			k := keep(t, dir, plumb, "run", "--name=api", "--label=app=shop", "--metrics-address=ADDRESS", "--", "node", leaky)
			return k, listens(t, k.said)
		},
		"exporter": func(t *testing.T, dir string) (*kept, string) {
			app, said := exec.Command("node", leaky), &output{}
			app.Stdout = said
			if err := app.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = app.Process.Kill(); _ = app.Wait() })
			url := listens(t, said)
			return keep(t, dir, plumb, "exporter", "--listen=ADDRESS", fmt.Sprint("--pid=", app.Process.Pid), "--label=app=shop"), url
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			k, url := watch(t, dir)
			hook, got := startListener(t)
			monitorFiles(t, dir, k.address, hook, "")
			s := start(t, dir, "--config.file=prometheus.yml", "--alertmanager.config.file=alertmanager.yml", "--rules.alert.resend-delay=1s", "--diagnose-every=5s")
			s.query(`nodejs_heap_size_used_bytes{app="shop"}`)
			s.addRules(dir, highHeap("1h")+`
      - {alert: NodeLeakFound, expr: plumb_leak_bytes_per_request > 0}
`)
			first := wait(t, "the alert", got, func(n notification) bool { return len(n.named("HeapHigh")) > 0 })
			if a := first.named("HeapHigh")[0]; a.Annotations["plumb_finding"] != "" {
				t.Errorf("at once it has %v", a.Annotations)
			}
			s.says("note: shop: the alert HeapHigh brings no diagnosis yet: too early for a second snapshot: the first was taken at ")
			browse(t, url)
			second := wait(t, "what was found", got, func(n notification) bool { return len(n.named("NodeLeakFound")) > 0 })
			finding := regexp.MustCompile(`^headersArray \(leaky\.js:4\) keeps [\d.]+ kB of each request: module variable$`)
			for _, a := range second.named("NodeLeakFound") {
				if !finding.MatchString(a.Annotations["plumb_finding"]) || !strings.HasPrefix(a.Annotations["plumb_url"], "http://"+k.address+"/api/findings/") {
					t.Errorf("it has %q", a.Annotations)
				}
			}
			s.annotates("HeapHigh", finding)
		})
	}
}
