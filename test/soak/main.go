//go:build linux

// Command soak runs plumb for long, in little time: hundreds of restarts of a
// program that leaks, and what is left of them in plumb itself; then ten apps at
// rest, and what plumb takes beside them. See docs/benchmarks.md.
//
//	go run ./test/soak                some minutes
//	go run ./test/soak -restarts 50   sooner
//
// It fails when processes, descriptors or goroutines grow; times and sizes are for
// people to read.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"text/tabwriter"
	"time"

	"github.com/plumb-dev/plumb/internal/supervise"
	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

func main() {
	restarts := flag.Int("restarts", 500, "restarts of the program that leaks")
	rest := flag.Duration("rest", 30*time.Second, "how long ten apps are watched at rest")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := soak(ctx, *restarts)
	if err == nil {
		err = atRest(ctx, *rest)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		stop()
		os.Exit(2)
	}
}

// leaky grows by 30 MB at once, which is above its limit.
const leaky = `const kept = []; setInterval(() => kept.push(Buffer.alloc(3e7, 1)), 20)`

// state is what must not grow.
type state struct {
	restarts, goroutines, descriptors, processes int
	heap, rss                                    uint64
}

// soak restarts a program again and again, in this process.
func soak(ctx context.Context, restarts int) error {
	app := supervise.Defaults()
	app.Name, app.Args = "leaky", []string{"node", "-e", leaky}
	app.Memory = supervise.Memory{RSS: supervise.Limit{Bytes: 90e6}, Interval: 10 * time.Millisecond, Samples: 2}
	app.Restart = supervise.Policy{When: supervise.Always, MaxRestarts: -1}
	events := make(chan supervise.Event, 1000)
	s, err := supervise.New([]supervise.App{app}, supervise.Options{
		Notify: func(e supervise.Event) { events <- e },
		Output: func(string, int) (io.Writer, io.Writer) { return io.Discard, io.Discard },
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()

	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "restarts\tgoroutines\tdescriptors\tprocesses\tGo heap kB\tRSS kB\t")
	var first, last state
	every := max(1, restarts/10)
	for seen := 0; seen <= restarts; {
		select {
		case e := <-events:
			if e.Kind != supervise.KindStarted {
				continue
			}
			if seen%every == 0 {
				last = look(seen)
				fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t\n", last.restarts, last.goroutines, last.descriptors, last.processes, last.heap/1000, last.rss/1000)
				if seen == every { // what is made once is there
					first = last
				}
			}
			seen++
		case err := <-ended:
			return fmt.Errorf("the supervisor ended: %w", err)
		}
	}
	_ = w.Flush()
	reasons := s.Status()[0].Reasons
	cancel()
	go func() {
		for range events { // the end must not wait for a reader
		}
	}()
	if err := <-ended; err != nil {
		return err
	}
	fmt.Println("ends:", reasons)
	if left := tree.Find(s.Mark()); len(left) > 0 {
		return fmt.Errorf("left behind: %d", left)
	}
	if last.goroutines > first.goroutines+2 || last.descriptors > first.descriptors+2 || last.processes > first.processes+2 {
		return fmt.Errorf("it grows: %+v became %+v", first, last)
	}
	return nil
}

func look(restarts int) state {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	descriptors, _ := os.ReadDir("/proc/self/fd")
	rss, _ := tree.RSS([]int{os.Getpid()})
	return state{
		restarts: restarts, goroutines: runtime.NumGoroutine(), descriptors: len(descriptors),
		processes: len(tree.Of(os.Getpid())), heap: m.HeapAlloc, rss: rss,
	}
}
