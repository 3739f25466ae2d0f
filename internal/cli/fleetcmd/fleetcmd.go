// Package fleetcmd has plumb fleet: what a hub knows of all hosts, and commands to their
// agents. It reads the streams of the hub's NATS server itself, so the answer is the same
// while the hub is being restarted.
package fleetcmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/hub"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/operator"
)

// Commands is fleet.
func Commands(ui *terminal.UI) []*cobra.Command {
	cmd := &cobra.Command{
		Use:   "fleet",
		Short: "All apps and findings of a hub; snapshots on other hosts",
		Long: "Ask a hub (plumb hub) which apps run on which hosts and what leaks in them, and have\n" +
			"agents take snapshots. On the hub's own machine its user needs no token; elsewhere\n" +
			"one with the role operator.",
		Example: "plumb fleet apps\n" +
			"plumb fleet findings\n" +
			"plumb fleet snapshot shop --hub tls://hub.example.com:4222 --hub-token-file me.token",
	}
	cmd.AddCommand(newAppsCommand(ui), newFindingsCommand(ui), newAuditCommand(ui), newOpenCommand(ui))
	cmd.AddCommand(newOrderCommands(ui)...)
	return []*cobra.Command{cmd}
}

// patience is for what a hub is asked, commands to agents excepted.
const patience = 20 * time.Second

// connection is one to a hub.
type connection struct {
	conn *nats.Conn
	js   jetstream.JetStream
	link fleet.Link
}

func connect(cmd *cobra.Command, f *hub.Flags) (*connection, error) {
	link, err := f.Link(cmd)
	if err != nil {
		return nil, err
	}
	conn, err := link.Dial("plumb fleet")
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(conn)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &connection{conn, js, link}, nil
}

// ask asks within a time, and words what is in the way of an answer.
func (c *connection) ask(ctx context.Context, what string, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := ask(ctx)
	var known *operator.Error
	if errors.As(err, &known) {
		return hinted(err)
	}
	if err != nil {
		return terminal.WithHint(fmt.Errorf("%s of the hub at %s: %w", what, c.link.URL, err), "the token needs the role operator, and a NATS cluster a plumb hub")
	}
	return nil
}

// operator gives commands in the name of the connection's token.
func (c *connection) operator() *operator.Operator {
	return &operator.Operator{Conn: c.conn, JS: c.js, Name: c.link.Token.Name}
}

// hinted says what to do about an operator's error.
func hinted(err error) error {
	var known *operator.Error
	if errors.As(err, &known) {
		return terminal.WithHint(err, "%s", known.Hint)
	}
	return err
}
