// Package democmd is plumb demo: what plumb does, from the first look at a server that
// leaks to its correction, with the commands that a person would type.
//
// Everything in it is real: Node.js, requests over the loopback interface, snapshots,
// Prometheus and Alertmanager (in plumb-server), a mail. What is a matter of minutes at
// a desk (an alert that has to last, a limit of 400 MB) is scaled down to seconds.
// Nothing of it stays behind: no process, no open port, no file.
package democmd

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/sibling"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Commands are the commands of this room.
func Commands(ui *terminal.UI) []*cobra.Command { return []*cobra.Command{newDemoCommand(ui)} }

func newDemoCommand(ui *terminal.UI) *cobra.Command {
	var open bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "See all of plumb on a server that leaks, in a minute",
		Long: "Start a server that leaks, find the leak by snapshots as in DevTools, have it named,\n" +
			"keep the server up below a memory limit, get the mail of an alert with the finding in\n" +
			"it, and prove that the corrected server is clean. All of it runs on this machine, on\n" +
			"free ports, in a folder of its own; nothing stays behind.",
		Example: "plumb demo\nplumb demo --open",
		Args:    terminal.Takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if ui.JSON || ui.CSV {
				return terminal.UsageError(cmd, "%s: it is told to people, and has neither --json nor --csv", cmd.CommandPath())
			}
			if _, err := exec.LookPath("node"); err != nil {
				return terminal.WithHint(fmt.Errorf("%s: Node.js is not on the PATH", cmd.CommandPath()), "install it: apt-get install nodejs, or https://nodejs.org")
			}
			if _, err := sibling.Find("plumb-server"); err != nil {
				return terminal.WithHint(fmt.Errorf("%s: %w", cmd.CommandPath(), err), sibling.Hint)
			}
			return run(cmd, ui, open)
		},
	}
	cmd.Flags().BoolVar(&open, "open", false, "show it in the browser, too; Ctrl-C ends it then")
	return cmd
}

func run(cmd *cobra.Command, ui *terminal.UI, open bool) (err error) {
	s, err := newStage(cmd.Context(), ui)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.leave()) }()
	if open {
		if err := s.openPage(); err != nil {
			return err
		}
	}
	for _, chapter := range story {
		s.title(chapter.title)
		err := chapter.tell(s)
		if interrupted := s.ctx.Err(); interrupted != nil && !s.told {
			return interrupted
		}
		if err != nil {
			s.lastWords()
			return fmt.Errorf("%s: %s: %w", cmd.CommandPath(), chapter.title, err)
		}
	}
	return nil
}

// self is this program.
func self() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the program plumb: %w", err)
	}
	return path, nil
}
