package nodecmd

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/program"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/profile"
)

// goodbye is how long the program has for its last answers after Ctrl-C.
const goodbye = 15 * time.Second

// recordProfile samples the allocations of a program.
func recordProfile(ui *terminal.UI, cmd *cobra.Command, args []string, flags *profileFlags) (recorded *profile.Profile, err error) {
	switch {
	case flags.time <= 0:
		return nil, terminal.UsageError(cmd, "%s: --for %s is no time", cmd.CommandPath(), flags.time)
	case flags.interval < 1:
		return nil, terminal.UsageError(cmd, "%s: --interval %d is less than 1", cmd.CommandPath(), flags.interval)
	}
	p, err := openTarget(ui, cmd, args)
	if err != nil {
		return nil, err
	}
	last, cancel := context.WithCancel(context.WithoutCancel(cmd.Context()))
	defer cancel()
	defer func() {
		if stopErr := p.Stop(last); err == nil {
			err = stopErr
		}
	}()

	atEnd := p.Hold()
	start := time.Now()
	if err := p.StartSampling(cmd.Context(), node.SamplingOptions{Interval: flags.interval, Live: !flags.allAllocations}); err != nil {
		return nil, err
	}
	if err := sampleFor(cmd.Context(), ui, p, atEnd, flags.time); err != nil {
		return nil, err
	}
	if cmd.Context().Err() != nil {
		time.AfterFunc(goodbye, cancel)
	}
	took := time.Since(start)
	if !flags.allAllocations {
		// What is dead but not collected would count as alive.
		if err := collectBefore(last, p, atEnd); err != nil {
			return nil, err
		}
	}
	recorded, err = p.StopSampling(last)
	if err != nil {
		return nil, err
	}
	recorded.Live, recorded.Interval = !flags.allAllocations, flags.interval
	recorded.Start, recorded.Duration = start, took
	return recorded, nil
}

// collectBefore collects garbage unless the program comes to its end before that:
// it does not collect any more then. V8 does when it is asked for the samples.
func collectBefore(ctx context.Context, p *node.Process, atEnd <-chan struct{}) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	collected := make(chan error, 1)
	select {
	case <-atEnd:
		return nil
	default:
		go func() {
			_, err := p.Collect(ctx)
			collected <- err
		}()
	}
	select {
	case <-atEnd:
		return nil
	case err := <-collected:
		return err
	}
}

// openTarget attaches to the process that the arguments name, or starts the
// command after "--".
func openTarget(ui *terminal.UI, cmd *cobra.Command, args []string) (*node.Process, error) {
	switch dash := cmd.ArgsLenAtDash(); {
	case dash == 0 && len(args) > 0:
		// The standard output is for our result.
		return node.Start(cmd.Context(), node.Command{Args: args, Stdout: ui.Err, Stderr: ui.Err})
	case dash < 0 && len(args) == 1:
		return node.Attach(cmd.Context(), args[0], node.AttachOptions{})
	case len(args) == 0:
		return nil, terminal.UsageError(cmd, "%s needs a process id, a URL, a file, or a program after --", cmd.CommandPath())
	default:
		return nil, terminal.UsageError(cmd, "%s: %s is too much: it takes one target", cmd.CommandPath(), strings.Join(args[1:], " "))
	}
}

// sampleFor lets the program run for a time, with progress. Ctrl-C and the end of
// the program make it a short time; a program that is gone is an error.
func sampleFor(ctx context.Context, ui *terminal.UI, p *node.Process, atEnd <-chan struct{}, long time.Duration) error {
	report, done := terminal.Progress(ctx, ui, fmt.Sprintf("%s (%d)", p.Info().Label(), p.Info().PID))
	defer done()
	start := time.Now()
	end := time.NewTimer(long)
	defer end.Stop()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		if report != nil {
			report(heap.Progress{Phase: "sampling allocations", Done: time.Since(start).Milliseconds(), Total: long.Milliseconds()})
		}
		select {
		case <-tick.C:
		case <-end.C:
			return nil
		case <-atEnd:
			ui.Note("the program ended by itself after %s", time.Since(start).Round(100*time.Millisecond))
			return nil
		case <-ctx.Done():
			ui.Note("interrupted after %s", time.Since(start).Round(100*time.Millisecond))
			return nil
		case <-p.Done():
			if p.Runs(ctx) {
				return program.InspectorClosed("sample allocations", p)
			}
			how := ""
			if exit := p.Exit(); exit != nil {
				how = ": " + exit.String()
			}
			return terminal.WithHint(fmt.Errorf("sample allocations: the program ended after %s%s", time.Since(start).Round(100*time.Millisecond), how),
				"it was killed or has crashed: give a shorter --for")
		}
	}
}
