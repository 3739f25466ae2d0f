//go:build unix

// Command loadbench measures how many requests per second plumb load, wrk and
// npm's loadtest get out of the same server, in turns and in one run. See
// docs/load.md for what the numbers mean.
//
//	go run ./test/loadbench               some two minutes
//	go run ./test/loadbench -rounds 5     half a minute
//
// It needs wrk, node and npm, and asserts nothing.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"text/tabwriter"

	"github.com/plumb-dev/plumb/internal/leak/leaktest"
)

// What plumb load is meant to reach.
const (
	overLoadtest = 2.5
	overWrk      = 0.7
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	rounds := flag.Int("rounds", 20, "how often each client runs; the best run counts")
	seconds := flag.Int("seconds", 1, "how long each run takes")
	flag.Parse()
	if err := run(ctx, os.Stdout, *rounds, *seconds); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		stop()
		os.Exit(2)
	}
}

func run(ctx context.Context, out io.Writer, rounds, seconds int) error {
	dir, err := os.MkdirTemp("", "plumb-loadbench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	clients, err := install(ctx, dir)
	if err != nil {
		return err
	}
	server, err := leaktest.Start(ctx, "node", "examples/plain/server.js", dir)
	if err != nil {
		return fmt.Errorf("%w (run it from the root of the repository)", err)
	}
	defer server.Stop()

	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "connections\t")
	for _, c := range clients {
		fmt.Fprintf(table, "%s\t", c.name)
	}
	fmt.Fprintf(table, "/ %s (goal %.1f)\t/ %s (goal %.1f)\t\n", clients[1].name, overWrk, clients[2].name, overLoadtest)
	for _, connections := range []int{1, 50} {
		rates, err := measure(ctx, clients, server.URL, connections, rounds, seconds)
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "%d\t", connections)
		for _, rate := range rates {
			fmt.Fprintf(table, "%.0f\t", rate)
		}
		fmt.Fprintf(table, "%.2f\t%.2f\t\n", rates[0]/rates[1], rates[0]/rates[2])
	}
	fmt.Fprintln(out, "requests per second, the best runs:")
	return table.Flush()
}

// measure runs the clients in turns and returns the best rate of each: other
// work on the machine makes a client slower and never faster, and on two
// processors it can halve the rate of any of them. The first round does not
// count: the server's code is compiled in it.
func measure(ctx context.Context, clients []client, url string, connections, rounds, seconds int) ([]float64, error) {
	best := make([]float64, len(clients))
	for round := range rounds + 1 {
		for i, c := range clients {
			rate, err := c.run(ctx, url, connections, seconds)
			if err != nil {
				return nil, fmt.Errorf("%s with %d connections: %w", c.name, connections, err)
			}
			fmt.Fprintf(os.Stderr, "round %d, %2d connections, %-8s %6.0f per second\n", round, connections, c.name, rate)
			if round > 0 {
				best[i] = max(best[i], rate)
			}
		}
	}
	return best, nil
}
