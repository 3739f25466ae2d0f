// Command plumb-server does what plumb starts it for: plumb monitor, with Prometheus
// and Alertmanager inside. It is a program of its own for their size.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/monitorcmd"
	"github.com/plumb-dev/plumb/internal/cli/root"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/monitor"
)

func main() {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C ends the process at once; a second SIGTERM does not: service
	// managers and timeout(1) may send two, and data is being written.
	context.AfterFunc(ctx, func() { signal.Reset(os.Interrupt) })
	os.Exit(root.Execute(ctx, os.Args[1:], root.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, root.Plain, commands))
}

func commands(ui *terminal.UI) []*cobra.Command {
	return monitorcmd.Commands(ui, nil, func(ctx context.Context, o monitorcmd.Options) error {
		page, done := newPage(ui.Version)
		defer done()
		return monitor.Run(ctx, monitor.Options(o), page)
	})
}
