package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/ledger"
)

// wantLeak holds that a result names the leak of the snapshots.
func wantLeak(t *testing.T, all map[string]*fleet.Result) {
	t.Helper()
	for _, r := range all {
		if r.Result == nil || len(r.Result.Findings) == 0 || r.Result.Findings[0].Container.Name != "sessions" {
			t.Errorf("result of %s: %s %+v", r.Case.App, r.Problem, r.Result)
		}
	}
}

// standsStill waits until a network has passed what it may.
func standsStill(t *testing.T, p *proxy) {
	t.Helper()
	eventually(t, "the network", func() error {
		if !p.stands() {
			return errors.New("it goes on")
		}
		return nil
	})
}

// TestAgentKilled kills an agent in the middle of an upload. The next one sends the rest.
func TestAgentKilled(t *testing.T) {
	t.Parallel()
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	startHub(t, dir, address)
	who := token(t, dir, "web-1", "agent")
	network := startProxy(t, address)
	network.let(3*fleet.ChunkSize, -1)
	first := startAgent(t, dir, network.url(), who, "shop", pair...)
	standsStill(t, network)
	first.kill()
	js := connect(t, "nats://"+address, local(t, dir, address))
	stream, err := js.Stream(t.Context(), fleet.ChunksStream)
	if err != nil {
		t.Fatal(err)
	}
	there := stream.CachedInfo().State.Msgs
	if there == 0 {
		t.Error("no chunk has arrived before the kill")
	}
	startAgent(t, dir, "nats://"+address, who, "shop")
	startAnalyst(t, dir, "nats://"+address)
	wantLeak(t, wantResults(t, js, 1))
	eventually(t, "the spool", func() error {
		left, err := filepath.Glob(filepath.Join(dir, "spool", "*"))
		if err == nil && len(left) > 0 {
			err = fmt.Errorf("%v are left", left)
		}
		return err
	})
	if stream, err = js.Stream(t.Context(), fleet.ChunksStream); err != nil || stream.CachedInfo().State.Msgs != 0 {
		t.Errorf("chunks are left: %v, %v", stream.CachedInfo().State.Msgs, err)
	}
	if last := stream.CachedInfo().State.LastSeq; last < there {
		t.Errorf("the stream began anew: %d after %d", last, there)
	}
}

// TestHubKilled kills a hub in the middle of an upload, and while it is away has an
// alarm come. It is told of both when there is one again.
func TestHubKilled(t *testing.T) {
	t.Parallel()
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	hub := startHub(t, dir, address)
	who := token(t, dir, "web-1", "agent")
	network := startProxy(t, address)
	network.let(2*fleet.ChunkSize, -1)
	agent := startAgent(t, dir, network.url(), who, "shop", pair...)
	standsStill(t, network)
	hub.kill()
	network.let(-1, -1)
	network.cut()
	agent.says("the hub is away")
	away := startAgent(t, dir, network.url(), who, "api", pair...) // it was never there for this one
	away.says("no result: the hub is away: the snapshots wait for it")
	startHub(t, dir, address)
	agent.says("the hub is there again")
	startAnalyst(t, dir, "nats://"+address)
	agent.says("result: leaking sessions")
	js := connect(t, "nats://"+address, local(t, dir, address))
	all := wantResults(t, js, 2)
	wantLeak(t, all)
	if list := findings(t, js); len(list) != 2 { // two apps
		t.Errorf("findings %+v", list)
	}
}

// TestAnalystKilled kills an analyst in the middle of a case, and cuts another one off:
// a third one does the case. When the network is there again, nothing is there twice.
func TestAnalystKilled(t *testing.T) {
	t.Parallel()
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	hub := startHub(t, dir, address)
	who := token(t, dir, "web-1", "agent")
	agent := startAgent(t, dir, "nats://"+address, who, "shop", pair...)
	agent.says("started")
	here := local(t, dir, address)
	js := connect(t, "nats://"+address, here)
	eventually(t, "the case", func() error { return inQueue(t, js, 1) })

	half := int64(fleet.ChunkSize)
	secret := "--hub-token-file=" + filepath.Join(dir, "me.token")
	if err := os.WriteFile(filepath.Join(dir, "me.token"), []byte(here.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	network := startProxy(t, address)
	killed := startAnalyst(t, dir, network.url(), secret)
	network.let(-1, half)
	standsStill(t, network)
	killed.kill()

	network = startProxy(t, address)
	cut := startAnalyst(t, dir, network.url(), secret)
	network.let(-1, half)
	standsStill(t, network)

	startAnalyst(t, dir, "nats://"+address)
	all := wantResults(t, js, 1)
	wantLeak(t, all)
	agent.says("result: leaking sessions")
	for _, r := range all {
		if r.Tries < 3 {
			t.Errorf("it was tried %d times", r.Tries)
		}
	}
	network.let(-1, -1)
	network.cut()
	cut.says("the hub is there again")
	wantResults(t, js, 1)
	if text := page(t, hub, "/metrics"); !strings.Contains(text, "plumb_hub_results 1\n") || !strings.Contains(text, `plumb_hub_findings{state="grows"} 1`) {
		t.Errorf("metrics\n%s", text)
	}
}

// inQueue tells whether so many cases are in the queue.
func inQueue(t *testing.T, js jetstream.JetStream, n uint64) error {
	t.Helper()
	stream, err := js.Stream(t.Context(), fleet.JobsStream)
	if err == nil && stream.CachedInfo().State.Msgs != n {
		err = fmt.Errorf("%d are in the queue", stream.CachedInfo().State.Msgs)
	}
	return err
}

// TestSameTwice sends the same snapshots twice, from two hosts' spools.
func TestSameTwice(t *testing.T) {
	t.Parallel()
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	startHub(t, dir, address)
	who := token(t, dir, "web-1", "agent")
	startAnalyst(t, dir, "nats://"+address)
	first := startAgent(t, dir, "nats://"+address, who, "shop", pair...)
	first.says("result: leaking sessions")
	start(t, dir, "fleet-agent", append([]string{"nats://" + address, who.String(), filepath.Join(dir, "other"), "shop"}, pair...)...)
	js := connect(t, "nats://"+address, local(t, dir, address))
	eventually(t, "the other spool", func() error {
		if left, err := filepath.Glob(filepath.Join(dir, "other", "*")); err != nil || len(left) > 0 {
			return fmt.Errorf("%v, %w", left, err)
		}
		return nil
	})
	wantLeak(t, wantResults(t, js, 1))
	stream, err := js.Stream(t.Context(), fleet.CasesStream)
	if err != nil || stream.CachedInfo().State.Msgs != 1 {
		t.Errorf("cases: %d, %v", stream.CachedInfo().State.Msgs, err)
	}
}

// TestClocksApart has hosts whose clocks are two days from the hub's, in both
// directions: all times are the hub's.
func TestClocksApart(t *testing.T) {
	t.Parallel()
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	startHub(t, dir, address)
	startAnalyst(t, dir, "nats://"+address)
	began := time.Now()
	for name, clock := range map[string]string{"early": "-48h", "late": "48h"} {
		agent := start(t, dir, "fleet-agent", "nats://"+address, token(t, dir, name, "agent").String(), filepath.Join(dir, name), name, pair[0], pair[1], clock)
		agent.says("result: leaking sessions")
	}
	js := connect(t, "nats://"+address, local(t, dir, address))
	wantLeak(t, wantResults(t, js, 2))
	list, err := ledger.Read(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list.Findings() {
		if f.First.Before(began) || f.Last.After(time.Now()) {
			t.Errorf("%s: first %s, last %s; the test began at %s", f.App, f.First, f.Last, began)
		}
	}
	apps, now, err := ledger.Apps(t.Context(), js)
	if err != nil || len(apps) != 2 {
		t.Fatalf("%+v, %v", apps, err)
	}
	for _, a := range apps {
		if state := ledger.StateOf(&a, now); state != "running" {
			t.Errorf("%s is %s", a.App, state)
		}
	}
}
