package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// TestServerOfThree takes one server of a cluster away while cases come, and brings it
// back. Then another one goes.
func TestServerOfThree(t *testing.T) {
	t.Parallel()
	pair, dir := snapshots(t), t.TempDir()
	var addresses, routes []string
	for range 3 {
		addresses, routes = append(addresses, freeAddress(t)), append(routes, freeAddress(t))
	}
	port := func(address string) string { _, p, _ := net.SplitHostPort(address); return p }
	node := func(i int) *process {
		p := start(t, dir, "nats-node", filepath.Join(dir, fmt.Sprint("node", i)), fmt.Sprint("node", i), port(addresses[i]), port(routes[i]),
			"nats://"+strings.Join(routes, ",nats://"))
		p.says("started")
		return p
	}
	nodes := []*process{node(0), node(1), node(2)}
	url := "nats://" + strings.Join(addresses, ",nats://")
	// The servers of this cluster know one user, who may do everything.
	who := fleet.Token{Name: "local", Secret: "secret-of-the-test"}
	secret := "--hub-token-file=" + filepath.Join(dir, "me.token")
	if err := os.WriteFile(filepath.Join(dir, "me.token"), []byte(who.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	hub := func() *process {
		return start(t, dir, "plumb-hub", "hub", "--nats", url, "--replicas", "3", "--pages", "127.0.0.1:0", secret)
	}
	// The cluster takes a while to have a leader.
	eventually(t, "the hub", func() error {
		first := hub()
		eventually(t, "its start", func() error {
			if text := first.said.String(); !strings.Contains(text, "The hub is at") && !strings.Contains(text, "error:") {
				return fmt.Errorf("it says %q", text)
			}
			return nil
		})
		if !strings.Contains(first.said.String(), "The hub is at") {
			return fmt.Errorf("it says %q", first.said)
		}
		return nil
	})
	startAnalyst(t, dir, url, secret)
	startAgent(t, dir, url, who, "first", pair...).says("result: leaking sessions")

	nodes[0].kill()
	startAgent(t, dir, url, who, "second", pair...).says("result: leaking sessions")
	nodes[0] = node(0)
	nodes[1].kill()
	startAgent(t, dir, url, who, "third", pair...).says("result: leaking sessions")
	js := connect(t, url, who)
	wantLeak(t, wantResults(t, js, 3))
}
