package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/agent"
	"github.com/plumb-dev/plumb/internal/fleet/spool"
)

// agentMain is an agent: fleet-agent URL TOKEN SPOOL APP [BASELINE LAST [KEY|redact|CLOCK]]. With
// snapshots it has them compared; it prints what comes of it, and stays.
func agentMain() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := runAgent(ctx, os.Args[1:]); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

func runAgent(ctx context.Context, args []string) error {
	token, err := fleet.ParseToken(args[1])
	if err != nil {
		return err
	}
	waiting, err := spool.Open(args[2], 1<<30)
	if err != nil {
		return err
	}
	var seal age.Recipient
	var redacts bool
	var ahead time.Duration // of this host's clock
	switch {
	case len(args) <= 6:
	case args[6] == "redact":
		redacts = true
	case !strings.HasPrefix(args[6], "age"):
		if ahead, err = time.ParseDuration(args[6]); err != nil {
			return err
		}
	default:
		if seal, err = age.ParseX25519Recipient(args[6]); err != nil {
			return err
		}
	}
	a, err := agent.Start(agent.Options{
		Seal: seal, Redact: redacts,
		Link: fleet.Link{URL: args[0], Token: token}, Host: "host", Release: os.Getenv("RELEASE"), Spool: waiting,
		Apps: func(context.Context) []fleet.App {
			return []fleet.App{{App: args[3], State: "running", Started: time.Now().Add(ahead)}}
		},
		Carry: func(context.Context, fleet.Command) *fleet.Outcome { return nil },
		Say:   func(m string) { fmt.Println("note:", m) },
	})
	if err != nil {
		return err
	}
	defer a.Close()
	fmt.Println("started")
	if len(args) > 4 {
		c := fleet.Case{App: args[3], Requests: 1000, Time: time.Now().Add(ahead), Why: "a test"}
		r, err := a.Compare(ctx, c, args[4], args[5])
		if err != nil {
			fmt.Println("no result:", err)
		} else {
			fmt.Println("result:", r.Verdict, r.Findings[0].Container.Name)
		}
	}
	<-ctx.Done()
	return nil
}

// startAgent starts one of an app.
func startAgent(t *testing.T, dir, url string, token fleet.Token, app string, snapshots ...string) *process {
	t.Helper()
	return start(t, dir, "fleet-agent", append([]string{url, token.String(), filepath.Join(dir, "spool"), app}, snapshots...)...)
}

const leaky = `
const { writeHeapSnapshot } = require('v8');
const fs = require('fs');
class Session { constructor(i) { this.id = i; this.text = ['session', Math.random(), i].join(' '); } }
const sessions = new Map();
function take(name) {
  writeHeapSnapshot(name);
  fs.writeFileSync(name + '.json', JSON.stringify({ time: new Date().toISOString(), bytes: fs.statSync(name).size, scripts: [] }));
}
setImmediate(() => {
  take('baseline.heapsnapshot');
  for (let i = 0; i < 1000; i++) sessions.set(i, new Session(i));
  take('last.heapsnapshot');
});
`

// taken is the folder of the snapshots, which all tests share.
var taken string

var takeSnapshots = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "plumb-hub-test-")
	if err != nil {
		return "", err
	}
	taken = dir
	script := filepath.Join(dir, "app.js")
	if err := os.WriteFile(script, []byte(leaky), 0o600); err != nil {
		return "", err
	}
	cmd := exec.Command("node", script)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return dir, nil
})

// snapshots are two of a real program that leaks. They are not compressed, and so have
// some chunks.
func snapshots(t *testing.T) []string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	dir, err := takeSnapshots()
	if err != nil {
		t.Fatal(err)
	}
	return []string{filepath.Join(dir, "baseline.heapsnapshot"), filepath.Join(dir, "last.heapsnapshot")}
}
