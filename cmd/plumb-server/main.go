// Command plumb-server does what plumb starts it for: plumb monitor, with Prometheus
// and Alertmanager inside. It is a program of its own for their size.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/plumb-dev/plumb/internal/cli"
	"github.com/plumb-dev/plumb/internal/cli/monitorcmd"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/monitor"
)

func main() {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C ends the process at once; a second SIGTERM does not: service
	// managers and timeout(1) may send two, and data is being written.
	context.AfterFunc(ctx, func() { signal.Reset(os.Interrupt) })
	os.Exit(cli.ServerMain(ctx, os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, runMonitor))
}

func runMonitor(ctx context.Context, o monitorcmd.Options) error {
	err := monitor.Run(ctx, monitor.Options(o))
	var hinted *monitor.Error
	if errors.As(err, &hinted) {
		return terminal.WithHint(err, "%s", hinted.Hint)
	}
	return err
}
