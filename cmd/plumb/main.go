// Command plumb finds memory leaks in Node.js programs.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/plumb-dev/plumb/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(cli.Main(ctx, os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
