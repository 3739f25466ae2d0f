// Package program is how commands name and reach one running program: by its
// process id or the URL of its inspector (the target), by a worker's id for one of
// its threads, and how they let go of it. What it is asked is the command's.
package program

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/node"
)

// Argument is how usage lines call a running program.
const Argument = "PID|URL"

// Flags are those of the commands that ask a running program.
type Flags struct {
	Timeout time.Duration
	Worker  string
}

// Add gives cmd the flags.
func (f *Flags) Add(cmd *cobra.Command) {
	cmd.Flags().DurationVar(&f.Timeout, "timeout", 15*time.Second, "how long to wait for the program")
	cmd.Flags().StringVar(&f.Worker, "worker", "", "the worker thread with this id")
}

// WithThread attaches to a program, has use ask the thread that the flags name,
// and lets go again, also when the command was interrupted.
func WithThread(ctx context.Context, target string, flags *Flags, use func(*node.Process, *node.Thread) error) error {
	p, err := node.Attach(ctx, target, node.AttachOptions{Timeout: flags.Timeout})
	if err != nil {
		return err
	}
	t, err := PickThread(ctx, p, flags.Worker)
	if err == nil {
		err = use(p, t)
	}
	if failure := Release(ctx, p); err == nil {
		err = failure
	}
	return err
}

// Release lets go of a program. A program that has ended needs nothing.
func Release(ctx context.Context, p *node.Process) error {
	if err := p.Release(context.WithoutCancel(ctx)); err != nil && !errors.Is(err, node.ErrGone) {
		return err
	}
	return nil
}

// InspectorClosed is the error of a program that runs on without its inspector.
func InspectorClosed(op string, p *node.Process) error {
	return terminal.WithHint(fmt.Errorf("%s of %s: its inspector was closed by another program", op, Name(p)),
		"another plumb that was attached closes it when it ends: run the command again")
}

// PickThread finds a worker by its id, "" for the main thread.
func PickThread(ctx context.Context, p *node.Process, worker string) (*node.Thread, error) {
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
		return nil, terminal.WithHint(err, "its worker threads are:%s", ids)
	}
	return nil, err
}

// Name is a program in a sentence: "process 1234 (app.js)".
func Name(p *node.Process) string {
	info := p.Info()
	if info.PID == 0 {
		return "the page"
	}
	return "process " + terminal.Plain(info.PID) + " (" + info.Label() + ")"
}
