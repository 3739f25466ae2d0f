package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"testing"
)

// TestAlertThroughFleet has an alert ask a plumb for a diagnosis that a machine of the
// fleet makes: while there is none the alert is without it, and once more with it when
// an analyst has taken the snapshots from the hub's queue.
func TestAlertThroughFleet(t *testing.T) {
	t.Parallel()
	dir, plumb, hub := t.TempDir(), buildPlumb(t), build(t, "plumb-hub")
	h := keep(t, dir, hub, "hub", "--listen=ADDRESS", "--pages=127.0.0.1:0")
	h.says(t, "The hub is at")
	metric := func(is string) {
		t.Helper()
		eventually(t, "the hub", func() error {
			pages := regexp.MustCompile(`pages +(\S+)/metrics`).FindStringSubmatch(h.said.String())
			if pages == nil {
				return errors.New("it does not say where its pages are")
			}
			response, err := http.Get(pages[1] + "/metrics")
			if err != nil {
				return err
			}
			defer response.Body.Close()
			if text := readAll(t, response.Body); !regexp.MustCompile(`(?m)^` + is + `$`).MatchString(text) {
				return fmt.Errorf("no %s in\n%s", is, text)
			}
			return nil
		})
	}
	url := "nats://" + h.address
	k := keep(t, dir, plumb, "run", "--hub="+url, "--name=shop", "--metrics-address=ADDRESS", "--capture-at=70%", "--capture-warmup=0s", "--", "node", example(t, "session-store"))
	app := listens(t, k.said)
	k.says(t, "baseline taken")
	for range 5000 {
		response, err := http.Get(app)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	hook, got := startListener(t)
	monitorFiles(t, dir, k.address, hook, "")
	s := start(t, dir, "--config.file=prometheus.yml", "--alertmanager.config.file=alertmanager.yml", "--rules.alert.resend-delay=1s", "--diagnose-every=5s")
	s.query(`nodejs_heap_size_used_bytes{app="shop"}`)
	s.addRules(dir, highHeap("1h"))
	first := wait(t, "the alert", got, func(n notification) bool { return len(n.named("HeapHigh")) > 0 })
	if a := first.named("HeapHigh")[0]; a.Annotations["plumb_finding"] != "" {
		t.Errorf("at once it has %v", a.Annotations)
	}
	metric(`plumb_hub_jobs\{need="\w+",state="waiting"\} 1`)
	metric("plumb_hub_results 0")
	keep(t, dir, hub, "analyze", "--hub="+url)
	s.annotates("HeapHigh", regexp.MustCompile(`^store\.byId \(store\.js:12\) keeps \d+ B of each request: object store$`))
	metric("plumb_hub_results 1")
}
