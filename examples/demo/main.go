//go:build unix

// Demo finds the leak of examples/leaks/user-agents as a tutorial would by hand:
// start the server, take a heap snapshot, send requests, take another, look at
// the tables, name the variable. Everything is real: Node.js, HTTP on the
// loopback interface, the snapshots. Nothing stays behind.
//
// Run it at the top of the repository: go run ./examples/demo
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/plumb-dev/plumb/internal/cli"
	"github.com/plumb-dev/plumb/internal/leak/leaktest"
)

// requests is how many the demo sends between its two snapshots.
const requests = 7000

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if os.Getenv("COLUMNS") == "" {
		_ = os.Setenv("COLUMNS", "80") // also where there is no terminal
	}
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, out io.Writer) error {
	node, err := exec.LookPath("node")
	if err != nil {
		return errors.New("the demo needs Node.js on the PATH: apt-get install nodejs, or https://nodejs.org")
	}
	script, err := filepath.Abs("examples/leaks/user-agents/leaky.js")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "plumb-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	version, err := leaktest.Version(ctx, node)
	if err != nil {
		return err
	}
	say(out, "1. Start the server: node examples/leaks/user-agents/leaky.js (Node.js %s)", version)
	app, err := leaktest.Start(ctx, node, script, dir)
	if err != nil {
		return err
	}
	defer app.Stop()
	fmt.Fprintf(out, "It listens on %s\n", app.URL)

	say(out, "2. Take a heap snapshot: kill -USR2")
	if err := snapshot(ctx, out, app, filepath.Join(dir, "before.heapsnapshot")); err != nil {
		return err
	}
	say(out, "3. Send %s requests over one connection", thousands(requests))
	if err := load(ctx, out, app); err != nil {
		return err
	}
	say(out, "4. Take another snapshot")
	if err := snapshot(ctx, out, app, filepath.Join(dir, "after.heapsnapshot")); err != nil {
		return err
	}
	app.Stop()
	if err := os.Chdir(dir); err != nil {
		return err
	}
	defer func() { _ = os.Chdir("/") }() // so that the folder can go
	before, after := "before.heapsnapshot", "after.heapsnapshot"

	say(out, "5. What takes the memory? (DevTools: Statistics)")
	if err := plumb(ctx, out, 0, "heap", "stats", after); err != nil {
		return err
	}
	say(out, "6. What is new? (DevTools: Comparison)")
	if err := plumb(ctx, out, 0, "heap", "compare", before, after, "--top", "8"); err != nil {
		return err
	}
	say(out, "7. What was allocated between the two? (DevTools: Summary)")
	if err := plumb(ctx, out, 0, "heap", "summary", after, "--between", before, "--top", "8"); err != nil {
		return err
	}
	say(out, "8. Or ask directly: which variable, which line?")
	return plumb(ctx, out, 1, "leaks", before, after, "--requests", strconv.Itoa(requests))
}

func say(out io.Writer, format string, args ...any) {
	fmt.Fprintf(out, "\n\n%s\n\n", "── "+fmt.Sprintf(format, args...))
}

func snapshot(ctx context.Context, out io.Writer, app *leaktest.App, path string) error {
	written, err := app.Snapshot(ctx)
	if err != nil {
		return err
	}
	if err := os.Rename(written, path); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, %.1f MB\n", filepath.Base(path), float64(info.Size())/1e6)
	return nil
}

// plumb shows a command line and runs it; the demo knows how it must end.
func plumb(ctx context.Context, out io.Writer, want int, args ...string) error {
	fmt.Fprintf(out, "$ plumb %s\n\n", strings.Join(args, " "))
	var progress strings.Builder
	code := cli.Main(ctx, args, cli.Streams{In: strings.NewReader(""), Out: out, Err: &progress})
	if code != want {
		return fmt.Errorf("plumb %s: exit code %d, want %d\n%s", strings.Join(args, " "), code, want, progress.String())
	}
	return nil
}
