//go:build unix

// Command sacred measures what plumb costs a program that it is attached to:
// the latency and the CPU time of the requests of an express app, alone and
// with plumb there. See docs/benchmarks.md for what the numbers mean.
//
//	go run ./test/sacred                 about five minutes
//	go run ./test/sacred -rounds 6       less sure, sooner
//
// It asserts nothing: times are for people to read.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/plumb-dev/plumb/internal/node"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		stop()
		os.Exit(2)
	}
}

// options are what the flags say.
type options struct {
	node        string
	rounds      int
	requests    int64
	connections int
	dir         string
	json        bool
}

func parse(args []string) (options, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	var o options
	f := flag.NewFlagSet("sacred", flag.ExitOnError)
	f.StringVar(&o.node, "node", "node", "the node to run the app on")
	f.IntVar(&o.rounds, "rounds", 16, "how often each way is measured")
	f.Int64Var(&o.requests, "n", 10000, "requests each time")
	f.IntVar(&o.connections, "c", 1, "connections")
	f.StringVar(&o.dir, "dir", filepath.Join(cache, "plumb-bench", "sacred"), "where express is kept")
	f.BoolVar(&o.json, "json", false, "print all runs as JSON")
	err = f.Parse(args)
	if o.rounds < 6 {
		err = errors.Join(err, errors.New("-rounds: six and more are needed to tell a difference from noise"))
	}
	return o, err
}

// way is how plumb is there while the app is measured.
type way struct {
	name string
	// begin makes it so; the function that it returns undoes it. nil for the
	// app alone.
	begin func(ctx context.Context, pid string) (end func(context.Context) error, err error)
}

// ways are measured in turn. The first is what the others are compared with.
// The second is the first again: what differs between these two is noise.
var ways = []way{
	{"alone", nil},
	{"alone again", nil},
	{"attached, idle", attached},
	{"profiled, 128 KiB", profiled(128 << 10)},
}

func attached(ctx context.Context, pid string) (func(context.Context) error, error) {
	p, err := node.Attach(ctx, pid, node.AttachOptions{})
	if err != nil {
		return nil, err
	}
	return p.Release, nil
}

func profiled(interval int) func(context.Context, string) (func(context.Context) error, error) {
	return func(ctx context.Context, pid string) (func(context.Context) error, error) {
		p, err := node.Attach(ctx, pid, node.AttachOptions{})
		if err != nil {
			return nil, err
		}
		if err := p.StartSampling(ctx, node.SamplingOptions{Interval: interval, Live: true}); err != nil {
			return nil, errors.Join(err, p.Release(ctx))
		}
		return func(ctx context.Context) error {
			_, err := p.StopSampling(ctx)
			return errors.Join(err, p.Release(ctx))
		}, nil
	}
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	if err := install(ctx, o.dir); err != nil {
		return fmt.Errorf("install %s: %w", express, err)
	}
	a, err := startApp(ctx, o.node, o.dir)
	if err != nil {
		return err
	}
	defer a.stop()
	for range 3 { // until V8 has compiled what is hot
		if _, err := a.measure(ctx, o, ways[0]); err != nil {
			return err
		}
	}
	runs := make([][]sample, len(ways))
	for round := range o.rounds {
		// In another order each time: what one way leaves behind, garbage and
		// code to compile again, must not always meet the same next one.
		for _, i := range rand.Perm(len(ways)) {
			s, err := a.measure(ctx, o, ways[i])
			if err != nil {
				return fmt.Errorf("measure %s: %w", ways[i].name, err)
			}
			runs[i] = append(runs[i], s)
		}
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, o.rounds)
	}
	if o.json {
		byName := map[string][]sample{}
		for i, w := range ways {
			byName[w.name] = runs[i]
		}
		return json.NewEncoder(os.Stdout).Encode(byName)
	}
	report(os.Stdout, runs)
	return nil
}
