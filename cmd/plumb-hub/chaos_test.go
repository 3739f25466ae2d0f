package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// TestKillAnything kills the hub, analysts and agents in any order while cases are on
// their way, and starts each again: every case has its result, and has it once.
func TestKillAnything(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("minutes under the race detector on a busy machine")
	}
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	hub := startHub(t, dir, address)
	url, who := "nats://"+address, token(t, dir, "web-1", "agent")
	secret := local(t, dir, address)
	const apps = 4
	var starts []func() *process
	for i := range apps {
		starts = append(starts, func() *process {
			// Who was killed before its case was in the spool makes the same one again.
			return startAgent(t, dir, url, who, fmt.Sprint("app", i), pair...)
		})
	}
	for range 2 {
		starts = append(starts, func() *process { return start(t, dir, "plumb-hub", "analyze", "--hub", url) })
	}
	var running []*process
	for _, start := range starts {
		running = append(running, start())
	}
	order := rand.New(rand.NewPCG(1, 2))
	for range 12 {
		if i := order.IntN(len(running) + 2); i < len(running) {
			running[i].kill()
			running[i] = starts[i]()
		} else {
			hub.kill()
			hub = startHub(t, dir, address)
		}
	}
	for i := range 2 { // an analyst ends that is started while the hub is away
		running = append(running, starts[apps+i]())
	}
	js := connect(t, url, secret)
	all := wantResults(t, js, apps)
	wantLeak(t, all)
	if list := findings(t, js); len(list) != apps {
		t.Errorf("findings %+v", list)
	}
}

// TestNoWord has a case that five analysts have had, and none has left a word about.
func TestNoWord(t *testing.T) {
	t.Parallel()
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	startHub(t, dir, address)
	agent := startAgent(t, dir, "nats://"+address, token(t, dir, "web-1", "agent"), "deadly", pair...)
	js := connect(t, "nats://"+address, local(t, dir, address))
	eventually(t, "the case", func() error { return inQueue(t, js, 1) })
	consumer, err := js.Consumer(t.Context(), fleet.JobsStream, fleet.LeastNeed.String())
	if err != nil {
		t.Fatal(err)
	}
	for had := 0; had < 5; had++ {
		batch, err := consumer.Fetch(1, jetstream.FetchMaxWait(patience))
		if err != nil {
			t.Fatal(err)
		}
		for m := range batch.Messages() {
			if err := m.Nak(); err != nil {
				t.Fatal(err)
			}
		}
	}
	startAnalyst(t, dir, "nats://"+address)
	agent.says("no result: given up after 5 tries: nobody has left a word about it")
	for _, r := range wantResults(t, js, 1) {
		if r.Result != nil || r.Tries != 5 {
			t.Errorf("%+v", r)
		}
	}
}

// TestRegressionIsTold has a leak come again after it was fixed. The webhook is told
// once, also when it fails at first and the hub is killed afterwards.
func TestRegressionIsTold(t *testing.T) {
	t.Parallel()
	var told, failures atomic.Int64
	events := make(chan string, 10)
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if failures.Add(1) == 1 {
			http.Error(w, "not now", http.StatusBadGateway)
			return
		}
		var event struct {
			Event, Key, Release string
			Finding             struct{ Fingerprint, FixedIn, Line string }
		}
		if err := json.NewDecoder(r.Body).Decode(&event); err != nil {
			t.Error(err)
		}
		told.Add(1)
		events <- fmt.Sprint(event)
	}))
	defer hook.Close()
	dir, address := t.TempDir(), freeAddress(t)
	hub := startHub(t, dir, address, "--webhook", hook.URL)
	js := connect(t, "nats://"+address, local(t, dir, address))
	leaking := `{"verdict":"leaking","findings":[{"verdict":"leaking","fingerprint":"f00d","variable":"cache","counts":[0,9],` +
		`"container":{"name":"cache"},"cause":"cache without a limit"}]}`
	for i, said := range []string{leaking, `{"verdict":"healthy"}`, leaking} {
		id := fmt.Sprint(i)
		text := fmt.Sprintf(`{"case":{"id":%q,"agent":"a","host":"h","app":"shop","release":"v%d"},"result":%s}`, id, i+1, said)
		if _, err := js.Publish(t.Context(), fleet.ResultSubject("a", id), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	hub.says("regression: cache in v3 of shop")
	hub.says("is not told yet")
	if event := <-events; !strings.HasPrefix(event, "{regression shop.f00d.v3 v3 {f00d v2 cache keeps 9 more") {
		t.Errorf("told %s", event)
	}
	bucket, err := js.KeyValue(t.Context(), fleet.ToldBucket)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the note of it", func() error {
		_, err := bucket.Get(t.Context(), "shop.f00d.v3")
		return err
	})
	hub.kill()
	hub = startHub(t, dir, address, "--webhook", hook.URL)
	eventually(t, "its list", func() error {
		if text := page(t, hub, "/metrics"); !strings.Contains(text, "plumb_hub_regressions 1\n") || !strings.Contains(text, `plumb_hub_findings{state="regressed"} 1`) {
			return errors.New(text)
		}
		return nil
	})
	if n := told.Load(); n != 1 || strings.Contains(hub.said.String(), "regression") {
		t.Errorf("told %d times; the hub says\n%s", n, hub.said)
	}
}
