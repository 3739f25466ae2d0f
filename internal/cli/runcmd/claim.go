package runcmd

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/supervise"
	"github.com/plumb-dev/plumb/internal/supervise/control"
	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// claims are the names that this plumb has.
type claims []*control.Claim

// claimNames takes the names of apps, and ends what a plumb that was killed has
// left of them. Where no file can be written, as in many containers, there are no
// names and no other plumb that could ask.
func claimNames(ctx context.Context, ui *terminal.UI, apps []supervise.App) (claims, error) {
	folder, err := control.Folder()
	if err != nil {
		ui.Note("plumb status and the like will not find what runs here: %v; XDG_STATE_HOME names another folder", err)
		return nil, nil
	}
	var list claims
	for _, app := range apps {
		claim, err := control.Take(folder, app.Name)
		if err != nil {
			list.release()
			if errors.Is(err, control.ErrTaken) {
				return nil, terminal.WithHint(err, "see plumb status; end it with plumb stop %s, or give this one another --name", app.Name)
			}
			return nil, terminal.WithHint(err, "set XDG_STATE_HOME to a folder that is writable")
		}
		list = append(list, claim)
		if claim.Left != nil {
			endLeft(ctx, ui, app, claim.Left)
		}
	}
	return list, nil
}

func (list claims) release() {
	for _, c := range list {
		c.Release()
	}
}

// endLeft ends what has outlived a plumb, and says what it has found.
func endLeft(ctx context.Context, ui *terminal.UI, app supervise.App, left *control.State) {
	_ = os.Remove(left.Socket)
	started := left.Started.Local().Format(time.DateTime)
	pids := tree.Find(left.Mark)
	if len(pids) == 0 {
		ui.Note("the last plumb of %s (process %d, from %s) was killed; nothing of it is left", app.Name, left.PID, started)
		return
	}
	ui.Note("the last plumb of %s (process %d, from %s) was killed and left processes, which are ended now: %d", app.Name, left.PID, started, pids)
	tree.Signal(pids, syscall.SIGTERM)
	for deadline := time.Now().Add(app.Stop.Timeout); len(tree.Alive(pids)) > 0; {
		if time.Now().After(deadline) || ctx.Err() != nil {
			tree.Signal(tree.Find(left.Mark), syscall.SIGKILL)
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// keep writes down who has the names. Without it everything works but the other
// commands.
func (list claims) keep(ui *terminal.UI, apps []supervise.App, s *supervise.Supervisor, socket, metrics string) {
	command := os.Args
	if exe, err := os.Executable(); err == nil {
		command = append([]string{exe}, os.Args[1:]...)
	}
	for n, claim := range list {
		err := claim.Write(control.State{
			App: apps[n].Name, PID: os.Getpid(), Socket: socket, Mark: s.Mark(), Started: time.Now(),
			Command: command, Dir: terminal.WorkingFolder(), Metrics: metrics,
		})
		if err != nil {
			ui.Note("plumb status and the like will not find %s: %v", apps[n].Name, err)
		}
	}
}

// serve answers the other commands; nil when it cannot.
func serve(ui *terminal.UI, names claims, s *supervise.Supervisor, o *runOutput) *control.Server {
	if len(names) == 0 {
		return nil
	}
	server, err := control.Listen(s, o.logs.write)
	if err != nil {
		ui.Note("plumb status and the like will not work: %v", err)
		return nil
	}
	return server
}
