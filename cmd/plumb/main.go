// Command plumb finds memory leaks in Node.js programs.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/plumb-dev/plumb/internal/cli"
)

func main() {
	if os.Getenv("GOGC") == "" {
		// Snapshots lie outside the Go heap, which stays small: with the usual
		// 100 the collector runs at every table made and costs more than it finds.
		debug.SetGCPercent(400)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(cli.Main(ctx, os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
