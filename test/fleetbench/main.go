// Command fleetbench measures a fleet on one machine: a hub, simulated agents with their
// heartbeats, and real snapshots of about 100 MB.
//
//   - The engine alone: plumb leaks on the two snapshots, again and again.
//   - One and two analysts on as many cases, while all agents are connected.
//   - From a capture that is over to its finding at the agent, with an analyst that waits.
//   - CPU time and memory of the hub for each agent, with heartbeats alone.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/agent"
	"github.com/plumb-dev/plumb/internal/fleet/spool"
)

func main() {
	agents := flag.Int("agents", 200, "simulated agents")
	cases := flag.Int("cases", 6, "cases of two snapshots")
	objects := flag.Int("objects", 160000, "objects of the app, about 600 bytes of snapshot each")
	idle := flag.Duration("idle", time.Minute, "how long heartbeats alone are measured")
	flag.Parse()
	*agents = max(*agents, 2**cases+1)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *agents, *cases, *objects, *idle); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

// bench is one run.
type bench struct {
	dir  string
	pair [2]string
	hub  *process
	link fleet.Link
	// agents have a case each: to one agent, cases with one baseline are a series.
	agents []*agent.Agent
}

func run(ctx context.Context, agents, cases, objects int, idle time.Duration) error {
	dir, err := os.MkdirTemp("", "fleetbench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{dir: dir}
	build := exec.CommandContext(ctx, "go", "build", "-ldflags", "-s -w", "-o", dir, "./cmd/plumb", "./cmd/plumb-hub")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build: %w (run it in the project's folder)", err)
	}
	if err := b.takeSnapshots(ctx, objects); err != nil {
		return err
	}
	alone, err := b.alone(ctx, cases)
	if err != nil {
		return err
	}
	if err := b.startHub(ctx); err != nil {
		return err
	}
	defer b.hub.stop()
	many, err := b.startAgents(agents)
	if err != nil {
		return err
	}
	defer closeAll(many)
	b.agents = many
	if err := b.measureIdle(ctx, agents, idle); err != nil {
		return err
	}
	for n := 1; n <= 2; n++ {
		if err := b.measureAnalysts(ctx, n, cases, alone); err != nil {
			return err
		}
	}
	return b.measureOne(ctx)
}

// alone compares the snapshots in a process of its own, as often as there are cases.
func (b *bench) alone(ctx context.Context, times int) (each time.Duration, err error) {
	began := time.Now()
	for range times {
		cmd := exec.CommandContext(ctx, filepath.Join(b.dir, "plumb"), "leaks", "--json", "--no-index", "--quiet", b.pair[0], b.pair[1])
		var exit *exec.ExitError
		if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
			return 0, fmt.Errorf("plumb leaks ends not with a leak: %w", err)
		}
	}
	each = time.Since(began) / time.Duration(times)
	fmt.Printf("engine alone: %.2f s a case, %.1f findings a minute\n", each.Seconds(), perMinute(each))
	return each, nil
}

func perMinute(each time.Duration) float64 { return time.Minute.Seconds() / each.Seconds() }

func (b *bench) startHub(ctx context.Context) (err error) {
	b.hub, err = start(ctx, b.dir, "hub", "--listen", "127.0.0.1:14229", "--pages", "127.0.0.1:0", "--json")
	if err != nil {
		return err
	}
	if err := b.hub.wait("url"); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(b.dir, ".state", "plumb", "run", "14229.token"))
	if err != nil {
		return err
	}
	b.link.URL = "nats://127.0.0.1:14229"
	b.link.Token, err = fleet.ParseToken(string(text))
	return err
}

// startAgents starts agents, each with a connection and an app of its own.
func (b *bench) startAgents(n int) (all []*agent.Agent, err error) {
	for i := range n {
		waiting, err := spool.Open(filepath.Join(b.dir, "spool", fmt.Sprint(i)), 4<<30)
		if err != nil {
			return nil, err
		}
		app := fleet.App{App: fmt.Sprint("app", i), State: "running", RSS: 300 << 20, Heap: 200 << 20, Metrics: "127.0.0.1:9464"}
		a, err := agent.Start(agent.Options{
			Link: b.link, Host: fmt.Sprint("host", i), Spool: waiting, Say: func(string) {},
			Apps:  func(context.Context) []fleet.App { return []fleet.App{app} },
			Carry: func(context.Context, fleet.Command) *fleet.Outcome { return nil },
		})
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func closeAll(all []*agent.Agent) {
	for _, a := range all {
		a.Close()
	}
}

// measureIdle measures the hub while agents say that they are there.
func (b *bench) measureIdle(ctx context.Context, agents int, during time.Duration) error {
	if err := sleep(ctx, 5*time.Second); err != nil {
		return err
	}
	before, err := b.hub.usage()
	if err != nil {
		return err
	}
	if err := sleep(ctx, during); err != nil {
		return err
	}
	after, err := b.hub.usage()
	if err != nil {
		return err
	}
	share := (after.cpu - before.cpu).Seconds() / during.Seconds()
	fmt.Printf("hub with %d agents: %.2f %% of a core (%.4f %% an agent), RSS %.0f MB (%.2f MB an agent)\n",
		agents, 100*share, 100*share/float64(agents), float64(after.rss)/1e6, float64(after.rss)/1e6/float64(agents))
	return nil
}

// measureAnalysts has so many analysts do cases that are in the queue already.
func (b *bench) measureAnalysts(ctx context.Context, analysts, cases int, alone time.Duration) error {
	var results []<-chan error
	for i := range cases {
		results = append(results, b.compare(ctx, fmt.Sprintf("shop-%d-%d", analysts, i)))
	}
	if err := b.queued(ctx, cases); err != nil {
		return err
	}
	began := time.Now()
	for range analysts {
		p, err := start(ctx, b.dir, "analyze", "--hub", b.link.URL)
		if err != nil {
			return err
		}
		defer p.stop()
	}
	for _, r := range results {
		if err := <-r; err != nil {
			return err
		}
	}
	each := time.Since(began) / time.Duration(cases)
	fmt.Printf("analysts: %d: %.2f s a case, %.1f findings a minute, overhead %.0f %%\n",
		analysts, each.Seconds(), perMinute(each), 100*(each.Seconds()/alone.Seconds()-1))
	return nil
}

// measureOne measures the way of one case, with an analyst that waits.
func (b *bench) measureOne(ctx context.Context) error {
	p, err := start(ctx, b.dir, "analyze", "--hub", b.link.URL)
	if err != nil {
		return err
	}
	defer p.stop()
	if err := p.wait("Analysing"); err != nil {
		return err
	}
	began := time.Now()
	if err := <-b.compare(ctx, "one"); err != nil {
		return err
	}
	fmt.Printf("from the capture to the finding: %.1f s\n", time.Since(began).Seconds())
	return nil
}

// compare has the fleet compare the snapshots, as those of an app.
func (b *bench) compare(ctx context.Context, app string) <-chan error {
	done := make(chan error, 1)
	own := b.agents[0]
	b.agents = b.agents[1:]
	go func() {
		last, err := b.another(app)
		if err == nil {
			_, err = own.Compare(ctx, fleet.Case{App: app, Time: time.Now(), Why: "a bench"}, b.pair[0], last)
		}
		done <- err
	}()
	return done
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
