// Command monitorbench measures plumb monitor beside Debian's prometheus, the one
// after the other on the same work.
//
//   - At work: targets with series are scraped every few seconds on one core, while
//     the targets have another one. CPU time, memory and scrapes that were missed.
//   - At the start: how long each takes until it is ready, with a day of data of
//     plumb's own usual size: after a normal end, and after a kill.
//
// A day of data is written once, with Prometheus' own library, as both read it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "targets" {
		serveTargets()
		return
	}
	var o options
	flag.IntVar(&o.targets, "targets", 100, "targets that are scraped")
	flag.IntVar(&o.series, "series", 300, "series of each target")
	flag.DurationVar(&o.interval, "interval", 5*time.Second, "between two scrapes of a target")
	flag.DurationVar(&o.measure, "for", time.Minute, "how long the work is measured")
	flag.IntVar(&o.apps, "apps", 10, "targets of the day of data")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := bench(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

type options struct {
	targets, series, apps int
	interval, measure     time.Duration
}

func bench(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "monitorbench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	engines, err := engines(ctx, dir)
	if err != nil {
		return err
	}
	if err := work(ctx, dir, engines, o); err != nil {
		return err
	}
	return starts(ctx, dir, engines, o)
}

// An engine is a program that scrapes.
type engine struct {
	name string
	args func(config, data, address string) []string
}

func engines(ctx context.Context, dir string) ([]engine, error) {
	debian, err := exec.LookPath("prometheus")
	if err != nil {
		return nil, fmt.Errorf("%w (on Debian: apt-get install prometheus)", err)
	}
	build := exec.CommandContext(ctx, "go", "build", "-ldflags", "-s -w", "-o", dir, "./cmd/plumb", "./cmd/plumb-server")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("build plumb: %w", err)
	}
	info, err := os.Stat(filepath.Join(dir, "plumb-server"))
	if err != nil {
		return nil, err
	}
	fmt.Printf("plumb-server, stripped: %.1f MB\n\n", float64(info.Size())/1e6)
	flags := func(config, data, address string) []string {
		return []string{"--config.file=" + config, "--storage.tsdb.path=" + data, "--web.listen-address=" + address}
	}
	return []engine{
		{"plumb monitor", func(config, data, address string) []string {
			return append([]string{filepath.Join(dir, "plumb-server"), "monitor", "--alertmanager=external"}, flags(config, data, address)...)
		}},
		{"Debian's prometheus", func(config, data, address string) []string {
			return append([]string{debian}, flags(config, data, address)...)
		}},
	}, nil
}

// work measures each engine while it scrapes.
func work(ctx context.Context, dir string, engines []engine, o options) error {
	targets, err := startTargets(ctx, o)
	if err != nil {
		return err
	}
	defer targets.end(os.Kill)
	fmt.Printf("%d targets of %d series every %v, on one core, for %v\n", o.targets, o.series, o.interval, o.measure)
	fmt.Printf("%-20s %14s %12s %10s %16s\n", "", "CPU of a core", "µs/sample", "RSS MB", "targets up")
	var first float64
	for _, e := range engines {
		config := filepath.Join(dir, "work.yml")
		if err := os.WriteFile(config, targets.config(o), 0o600); err != nil {
			return err
		}
		p, err := start(ctx, e, config, filepath.Join(dir, "work "+e.name), true)
		if err != nil {
			return err
		}
		if err := sleep(ctx, 3*o.interval); err != nil { // every series is there
			return err
		}
		before, err := p.cpu()
		if err != nil {
			return err
		}
		if err := sleep(ctx, o.measure); err != nil {
			return err
		}
		after, err := p.cpu()
		if err != nil {
			return err
		}
		window := strconv.Itoa(int(o.measure.Seconds())) + "s"
		up, err := p.value("sum(min_over_time(up[" + window + "]))")
		if err != nil {
			return err
		}
		samples, err := p.value("sum(sum_over_time(scrape_samples_scraped[" + window + "]))")
		if err != nil {
			return err
		}
		peak, err := p.peak()
		if err != nil {
			return err
		}
		spent := (after - before).Seconds()
		fmt.Printf("%-20s %12.1f %% %12.2f %10.0f %12.0f/%d", e.name, 100*spent/o.measure.Seconds(), spent/samples*1e6, peak/1e6, up, o.targets)
		if first == 0 {
			first = spent
			fmt.Println()
		} else {
			fmt.Printf("   %.2f times as much CPU as plumb\n", spent/first)
		}
		p.end(os.Interrupt)
	}
	fmt.Println()
	return nil
}

// starts measures how long each engine takes until it is ready.
func starts(ctx context.Context, dir string, engines []engine, o options) error {
	config := filepath.Join(dir, "start.yml")
	if err := os.WriteFile(config, []byte("global: {scrape_interval: 1h}\n"), 0o600); err != nil {
		return err
	}
	day := filepath.Join(dir, "day")
	samples, err := writeDay(ctx, day, o)
	if err != nil {
		return err
	}
	fmt.Printf("a day of data: %d targets of %d series every %v, %.0f million samples\n", o.apps, o.series, o.interval, float64(samples)/1e6)
	fmt.Printf("%-20s %22s %22s\n", "", "start after a kill", "after a normal end")
	for _, e := range engines {
		data := filepath.Join(dir, "day "+e.name)
		if err := os.CopyFS(data, os.DirFS(day)); err != nil {
			return err
		}
		fmt.Printf("%-20s", e.name)
		for range 2 { // what writeDay leaves is what a kill leaves
			p, err := start(ctx, e, config, data, false)
			if err != nil {
				return err
			}
			fmt.Printf(" %20.2f s", p.took.Seconds())
			if n, err := p.value("count(count_over_time(series[1d]))"); err != nil || int(n) != o.apps*o.series {
				return fmt.Errorf("%s has %v series of %d: %w", e.name, n, o.apps*o.series, err)
			}
			p.end(os.Interrupt)
		}
		fmt.Println()
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

var errNotReady = errors.New("it was not ready within two minutes")

// ready waits until a server says that it is.
func ready(ctx context.Context, address string, ended <-chan struct{}) error {
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		select {
		case <-ended:
			return errors.New("it has ended")
		case <-time.After(5 * time.Millisecond):
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/-/ready", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return nil
		}
	}
	return errNotReady
}
