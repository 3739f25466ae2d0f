//go:build unix

// Command bench measures how fast plumb opens heap snapshots and how much
// memory that takes, beside other engines in the same run. See
// docs/benchmarks.md for what the numbers mean.
//
//	go run ./test/bench                 all sizes, some minutes
//	go run ./test/bench -gb 0.1,1       two sizes
//	go run ./test/bench FILE...         these files
//
// It asserts nothing: times are for people to read.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
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
	sizes   string
	strings float64
	node    bool
	peers   float64
	runs    int
	dir     string
	json    bool
	child   string
}

func run(ctx context.Context, args []string) error {
	o, files, err := parse(args)
	if err != nil {
		return err
	}
	if o.child != "" {
		return child(ctx, o.child, files[0])
	}
	if len(files) == 0 {
		if files, err = prepare(ctx, o); err != nil {
			return err
		}
	}
	var peers []peer
	if o.peers > 0 {
		if peers, err = installPeers(ctx, filepath.Join(o.dir, "peers"), int64(o.peers*1e9)); err != nil {
			return err
		}
	}
	var results []result
	for _, f := range files {
		r, err := measure(ctx, o, f, peers)
		if err != nil {
			return fmt.Errorf("measure %s: %w", f, err)
		}
		results = append(results, r)
		if !o.json {
			report(os.Stdout, r, len(results) == 1)
		}
	}
	if o.json {
		enc := json.NewEncoder(os.Stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(results)
	}
	summary(os.Stdout, results)
	return nil
}

func parse(args []string) (options, []string, error) {
	var o options
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	f := flag.NewFlagSet("bench", flag.ExitOnError)
	f.StringVar(&o.sizes, "gb", "0.1,0.25,0.5,1,2.5", "sizes of the synthetic snapshots, GB")
	f.Float64Var(&o.strings, "strings", 0.65, "size of the snapshot that is nearly all strings, GB; 0 for none")
	f.BoolVar(&o.node, "node", true, "take a snapshot of a real Node program, too")
	f.Float64Var(&o.peers, "peers", 1.1, "largest file for the other engines, GB; 0 leaves them out")
	f.IntVar(&o.runs, "runs", 3, "how often plumb opens each file; the one with the least CPU counts")
	f.StringVar(&o.dir, "dir", filepath.Join(cache, "plumb", "bench"), "where snapshots and other engines are kept")
	f.BoolVar(&o.json, "json", false, "print JSON")
	f.StringVar(&o.child, "child", "", "for the program itself: measure in this process")
	err = f.Parse(args)
	return o, f.Args(), err
}
