//go:build unix

// Demo hunts the leak of examples/leaks/user-agents, the server of many a
// tutorial, and proves that its twin is fixed. Everything is real: Node.js, HTTP
// on the loopback interface, the snapshots. Nothing stays behind.
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
	"strings"
	"syscall"
	"time"

	"github.com/plumb-dev/plumb/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if os.Getenv("COLUMNS") == "" {
		_ = os.Setenv("COLUMNS", "80") // also where there is no terminal
	}
	if err := run(ctx, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

const (
	leaky = "examples/leaks/user-agents/leaky.js"
	fixed = "examples/leaks/user-agents/fixed.js"
)

func run(ctx context.Context, out, progress io.Writer) error {
	if _, err := exec.LookPath("node"); err != nil {
		return errors.New("the demo needs Node.js on the PATH: apt-get install nodejs, or https://nodejs.org")
	}
	dir, err := os.MkdirTemp("", "plumb-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	before := filepath.Join(dir, "before")
	d := demo{ctx: ctx, out: out, err: progress, dir: dir}
	start := time.Now()

	d.say("1. A server that leaks: which variable, which line, how fast?")
	d.plumb(1, "hunt", "--out", before, "--", "node", leaky)
	d.say("2. What DevTools shows of it: the first snapshot and the last, compared")
	d.plumb(0, "heap", "compare", "--no-index", filepath.Join(before, "1.heapsnapshot"), filepath.Join(before, "3.heapsnapshot"), "--top", "6")
	d.say("3. The server without the mistake: is the leak gone?")
	d.plumb(0, "hunt", "--expect-fixed", filepath.Join(before, "hunt.json"), "--", "node", fixed)
	if d.failure == nil {
		d.say("Found, named and proved fixed in %.0f s", time.Since(start).Seconds())
	}
	return d.failure
}

// demo shows commands and runs them, up to the first that ends unexpectedly.
type demo struct {
	ctx      context.Context //nolint:containedctx // of one run
	out, err io.Writer
	dir      string // is not shown
	failure  error
}

func (d *demo) say(format string, args ...any) {
	if d.failure == nil {
		fmt.Fprintf(d.out, "\n\n── %s\n\n", fmt.Sprintf(format, args...))
	}
}

// plumb runs a command; the demo knows how it must end.
func (d *demo) plumb(want int, args ...string) {
	if d.failure != nil {
		return
	}
	line := strings.ReplaceAll("plumb "+strings.Join(args, " "), d.dir+"/", "")
	fmt.Fprintf(d.out, "$ %s\n\n", line)
	code := cli.Main(d.ctx, args, cli.Streams{In: strings.NewReader(""), Out: d.out, Err: d.err})
	if code != want {
		d.failure = fmt.Errorf("%s: exit code %d, want %d", line, code, want)
	}
}
