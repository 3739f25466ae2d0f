package fleetcmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/hub"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/operator"
)

// order is a command to an agent.
type order struct {
	at       hub.Flags
	host     string
	instance int
	time     time.Duration
	output   string
	timeout  time.Duration
}

func newOrderCommands(ui *terminal.UI) []*cobra.Command {
	const allowed = "\n\nThe agent must have been started with --allow %s. Who asked for what, and what\n" +
		"became of it, is in plumb fleet audit."
	snapshot := newOrderCommand(ui, fleet.TakeSnapshot, "Have a snapshot of an app taken and compared",
		"Have the plumb beside an app take a snapshot, and compare it with the one that it took\n"+
			"early. The app stands still for a second for each 100 MB or so; where memory is too\n"+
			"short for a snapshot, or nothing has grown, none is taken. The answer is the finding.")
	collect := newOrderCommand(ui, fleet.Collect, "Have an app collect its garbage",
		"Have an app collect its garbage, and print the memory before and after.")
	profile := newOrderCommand(ui, fleet.Profile, "Have the allocations of an app sampled",
		"Have the allocations of an app sampled for a while, and write a .heapprofile for\n"+
			"plumb profile and Chrome DevTools.")
	for _, cmd := range []*cobra.Command{snapshot, collect, profile} {
		cmd.Long += fmt.Sprintf(allowed, cmd.Name())
	}
	return []*cobra.Command{snapshot, collect, profile}
}

func newOrderCommand(ui *terminal.UI, what, short, long string) *cobra.Command {
	var o order
	cmd := &cobra.Command{
		Use: what + " APP", Short: short, Long: long, Example: "plumb fleet " + what + " shop",
		Args: terminal.Takes("APP"), Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.timeout <= 0 || what == fleet.Profile && (o.time <= 0 || o.time > 10*time.Minute) {
				return terminal.UsageError(cmd, "%s: a time is more than 0, and a profile takes 10m at most", cmd.CommandPath())
			}
			return o.give(ui, cmd, what, args[0])
		},
	}
	o.at.Add(cmd, hub.Local)
	f := cmd.Flags()
	f.StringVar(&o.host, "host", "", "the host, when the app is on several")
	f.IntVar(&o.instance, "instance", -1, "the instance (any)")
	f.DurationVar(&o.timeout, "timeout", 10*time.Minute, "how long to wait for what comes of it")
	if what == fleet.Profile {
		f.DurationVar(&o.time, "for", 30*time.Second, "how long to sample")
		f.StringVarP(&o.output, "output", "o", "app.heapprofile", "write the profile to this file")
	}
	return cmd
}

// give gives a command and shows what became of it.
func (o *order) give(ui *terminal.UI, cmd *cobra.Command, what, app string) error {
	c, err := connect(cmd, &o.at)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	by := c.operator()
	var target *fleet.App
	if err := c.ask(cmd.Context(), "find the app", func(ctx context.Context) (err error) {
		target, err = by.Find(ctx, operator.Where{App: app, Host: o.host, Instance: o.instance})
		return err
	}); err != nil {
		return err
	}
	command := fleet.Command{What: what, App: app, For: o.time}
	if o.instance >= 0 {
		command.Instance = &o.instance
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), o.timeout)
	defer cancel()
	ui.Note("asking %s on %s", target.Agent, target.Host)
	outcome, err := by.Give(ctx, target, command)
	if err != nil {
		return hinted(err)
	}
	if len(outcome.Profile) > 0 {
		text, err := operator.Unpacked(outcome)
		if err != nil {
			return err
		}
		if err := terminal.WriteWhole(o.output, func(file *os.File) error {
			_, err := file.Write(text)
			return err
		}); err != nil {
			return err
		}
		ui.Note("the profile is in %s", o.output)
		outcome.Profile = nil
	}
	return ui.Print(terminal.Result{JSON: outcome, Text: func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s on %s: %s\n", app, target.Host, outcome.Done)
		return err
	}})
}
