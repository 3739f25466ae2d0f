//go:build unix

// Command scrapebench measures what a scrape of plumb's metrics costs: the CPU
// time of plumb, that of each program, and how long a scrape takes.
//
//	go run ./test/scrapebench               50 programs, about half a minute
//	go run ./test/scrapebench -programs 5
//
// It asserts nothing: times are for people to read.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"github.com/plumb-dev/plumb/internal/metrics"
	"github.com/plumb-dev/plumb/internal/node"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	debug.SetGCPercent(400) // as cmd/plumb does
	var o options
	flag.StringVar(&o.node, "node", "node", "the node to run the programs on")
	flag.IntVar(&o.programs, "programs", 50, "how many programs")
	flag.IntVar(&o.scrapes, "scrapes", 100, "how many scrapes")
	flag.Parse()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		stop()
		os.Exit(2)
	}
}

type options struct {
	node              string
	programs, scrapes int
}

// program is an HTTP server that does nothing.
const program = `require('http').createServer((req, res) => res.end('ok')).listen(0, '127.0.0.1')`

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "scrapebench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	script := filepath.Join(dir, "server.js")
	if err := os.WriteFile(script, []byte(program), 0o600); err != nil {
		return err
	}
	var processes []*node.Process
	defer func() {
		for _, p := range processes {
			_ = p.Stop(context.WithoutCancel(ctx))
		}
	}()
	for range o.programs {
		p, err := node.Start(ctx, node.Command{Args: []string{o.node, script}, Stdout: io.Discard, Stderr: io.Discard})
		if err != nil {
			return err
		}
		processes = append(processes, p)
	}
	fmt.Printf("%d programs on Node.js %s, %d scrapes\n\n", o.programs, processes[0].Info().NodeVersion, o.scrapes)
	fmt.Printf("%-10s  %16s  %22s  %18s  %8s\n", "probe", "plumb CPU/scrape", "program CPU/scrape", "scrape, median", "bytes")
	for _, way := range []struct {
		name string
		ask  func(*metrics.Target, *node.Process) error
	}{
		{"none", func(*metrics.Target, *node.Process) error { return nil }},
		{"run", func(t *metrics.Target, p *node.Process) error { t.Ask(p); return nil }},
		{"exporter", func(t *metrics.Target, p *node.Process) error { return t.Plant(ctx, p) }},
	} {
		c := metrics.New(nil)
		for n, p := range processes {
			t := c.Instance("server.js", fmt.Sprint(n)).Watch(p.Info().PID)
			if err := way.ask(t, p); err != nil {
				return err
			}
		}
		if err := measure(ctx, way.name, c, processes, o.scrapes); err != nil {
			return err
		}
		c.Close()
	}
	return nil
}

// measure takes what the programs use at rest off what they use while scraped.
func measure(ctx context.Context, name string, c *metrics.Collector, processes []*node.Process, scrapes int) error {
	for range 10 { // warm up
		scrape(c)
	}
	rest := 2 * time.Second
	idle, err := used(ctx, processes, func() { time.Sleep(rest) })
	if err != nil {
		return err
	}
	var walls []time.Duration
	var own time.Duration
	bytes := 0
	begin := time.Now()
	scraped, err := used(ctx, processes, func() {
		for range scrapes {
			start, before := time.Now(), cpu()
			bytes = scrape(c)
			own += cpu() - before
			walls = append(walls, time.Since(start))
		}
	})
	if err != nil {
		return err
	}
	idle = time.Duration(float64(idle) * float64(time.Since(begin)) / float64(rest))
	slices.Sort(walls)
	fmt.Printf("%-10s  %16s  %22s  %18s  %8d\n", name, own/time.Duration(scrapes),
		((scraped - idle) / time.Duration(scrapes*len(processes))).Round(time.Microsecond), walls[len(walls)/2].Round(time.Microsecond), bytes)
	return nil
}

func scrape(c *metrics.Collector) int {
	w := httptest.NewRecorder()
	c.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.Len()
}

// used is the CPU time of all programs together during f.
func used(ctx context.Context, processes []*node.Process, f func()) (time.Duration, error) {
	before, err := total(ctx, processes)
	f()
	after, more := total(ctx, processes)
	return after - before, errors.Join(err, more)
}

func total(ctx context.Context, processes []*node.Process) (time.Duration, error) {
	var sum float64
	for _, p := range processes {
		var used struct{ User, System float64 }
		if err := p.Evaluate(ctx, "process.cpuUsage()", &used); err != nil {
			return 0, err
		}
		sum += used.User + used.System
	}
	return time.Duration(sum) * time.Microsecond, nil
}

// cpu is our own CPU time.
func cpu() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
