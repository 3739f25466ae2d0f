// Command plumb-hub does what plumb starts it for: plumb hub, with a NATS server inside,
// and plumb analyze. It is a program of its own for its size.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/hubcmd"
	"github.com/plumb-dev/plumb/internal/cli/root"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/analyst"
	"github.com/plumb-dev/plumb/internal/fleet/hub"
)

func main() {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C ends the process at once; a second SIGTERM does not: service
	// managers may send two, and data is being written.
	context.AfterFunc(ctx, func() { signal.Reset(os.Interrupt) })
	os.Exit(root.Execute(ctx, os.Args[1:], root.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, root.Plain, commands))
}

func commands(ui *terminal.UI) []*cobra.Command {
	return hubcmd.Commands(ui, nil, &hubcmd.Doer{Hub: runHub, Analyze: runAnalyst, Token: makeToken, Revoke: revoke})
}

func runHub(ctx context.Context, o hubcmd.Hub) error {
	return hub.Run(ctx, hub.Options{
		Dir: o.Dir, Listen: o.Listen, TLSCert: o.TLSCert, TLSKey: o.TLSKey, Cluster: o.Cluster, Replicas: o.Replicas,
		Pages: o.Pages, Keep: o.Keep, Size: o.Size, Webhook: o.Webhook, Snapshots: o.Snapshots,
		Notice: o.Notice, Ready: func(s hub.Summary) { o.Ready(hubcmd.HubReady(s)) },
	})
}

func runAnalyst(ctx context.Context, o hubcmd.Analyze) error {
	return analyst.Run(ctx, analyst.Options(o))
}

func makeToken(dir, name, role, nkey string) (fleet.Token, error) {
	return hub.TokensIn(dir).Make(name, hub.Role(role), nkey)
}

func revoke(dir, name string) error { return hub.TokensIn(dir).Revoke(name) }
