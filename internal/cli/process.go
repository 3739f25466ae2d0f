package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/node"
)

// targetArgument is how usage lines call a running program.
const targetArgument = "PID|URL"

// targetFlags are those of the commands that ask a running program.
type targetFlags struct {
	timeout time.Duration
	worker  string
}

func (f *targetFlags) add(cmd *cobra.Command) {
	cmd.Flags().DurationVar(&f.timeout, "timeout", 15*time.Second, "how long to wait for the program")
	cmd.Flags().StringVar(&f.worker, "worker", "", "the worker thread with this id")
}

// withThread attaches to a program, has use ask the thread that the flags name,
// and lets go again, also when the command was interrupted.
func withThread(ctx context.Context, target string, flags *targetFlags, use func(*node.Process, *node.Thread) error) error {
	p, err := node.Attach(ctx, target, node.AttachOptions{Timeout: flags.timeout})
	if err != nil {
		return err
	}
	t, err := pickThread(ctx, p, flags.worker)
	if err == nil {
		err = use(p, t)
	}
	if failure := release(ctx, p); err == nil {
		err = failure
	}
	return err
}

// release lets go of a program. A program that has ended needs nothing.
func release(ctx context.Context, p *node.Process) error {
	if err := p.Release(context.WithoutCancel(ctx)); err != nil && !errors.Is(err, node.ErrGone) {
		return err
	}
	return nil
}

// inspectorClosed is the error of a program that runs on without its inspector.
func inspectorClosed(op string, p *node.Process) error {
	return withHint(fmt.Errorf("%s of %s: its inspector was closed by another program", op, processName(p)),
		"another plumb that was attached closes it when it ends: run the command again")
}

// pickThread finds a worker by its id, "" for the main thread.
func pickThread(ctx context.Context, p *node.Process, worker string) (*node.Thread, error) {
	if worker == "" {
		return p.Thread, nil
	}
	threads, err := p.Workers(ctx)
	if err != nil {
		return nil, err
	}
	ids := ""
	for _, t := range threads {
		if t.ID == worker {
			return t, nil
		}
		ids += " " + t.ID
	}
	err = &node.Error{Op: "find worker " + worker, Err: errors.New("no such worker thread"), Hint: "the program has no worker threads"}
	if ids != "" {
		return nil, withHint(err, "its worker threads are:%s", ids)
	}
	return nil, err
}

// processName is a program in a sentence: "process 1234 (app.js)".
func processName(p *node.Process) string {
	info := p.Info()
	if info.PID == 0 {
		return "the page"
	}
	return "process " + plain(info.PID) + " (" + info.Label() + ")"
}
