package hunt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/node"
)

// hunter is one hunt under way.
type hunter struct {
	plan    Plan
	process *node.Process
	output  *tail
	driver  driver
	threads []*thread // the main one first
	phase   string
	limit   uint64 // of the main thread's heap
	result  *Result

	attached  []*node.Process // that the program has started
	unreached []int           // those that could not be attached to
	named     bool            // snapshots were compared
}

// Run carries out a hunt. When ctx ends, the result says what was learnt until
// then. A program that ends on its own ([DiedError]) or cannot be loaded
// ([NotReadyError]) is an error; with a result beside it when there is one. The
// program is stopped when Run started it, and let go when it did not.
func Run(ctx context.Context, plan Plan) (*Result, error) {
	plan, err := plan.complete()
	if err != nil {
		return nil, fmt.Errorf("plan hunt: %w", err)
	}
	h := &hunter{plan: plan, output: newTail(plan.Output, plan.Ready.Line), result: &Result{
		Result: &leak.Result{Verdict: leak.Undecided, Findings: []leak.Finding{}, Classes: []leak.Class{}, Noise: []leak.Noise{}, Snapshots: []leak.SnapshotSize{}},
	}}
	start := time.Now()
	if err := h.connect(ctx); err != nil {
		return nil, err
	}
	err = h.whileAlive(ctx, h.hunt)
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTimeout)
	defer cancel()
	h.leave(leave)
	if stopped := h.process.Stop(leave); err == nil && stopped != nil {
		h.note("the program could not be let go cleanly: %v", stopped)
	}
	h.result.Seconds = time.Since(start).Seconds()
	if ctx.Err() != nil && err != nil {
		h.result.Interrupted, err = true, nil
	}
	h.conclude()
	return h.result, err
}

// quietExpression turns V8's optimising compiler off. What it writes for itself
// (code, what to do when an assumption fails, feedback) comes and goes for
// thousands of requests, 40 kB a round and more; without it a round of a healthy
// program leaves 2 kB. The program is slower and does the same.
const quietExpression = `void (process.getBuiltinModule ? process.getBuiltinModule('v8') : require('v8')).setFlagsFromString('--no-opt')`

// makeQuiet does so in what was started for the hunt. What fails is a runtime
// without the flag: it is noisier.
func (h *hunter) makeQuiet(ctx context.Context, p *node.Process) {
	if h.plan.Attach == "" {
		_ = p.Evaluate(ctx, quietExpression, nil)
	}
}

const leaveTimeout = 15 * time.Second

// connect starts the program, or attaches to it.
func (h *hunter) connect(ctx context.Context) error {
	var err error
	if h.plan.Attach != "" {
		h.begin("attach")
		h.process, err = attach(ctx, h.plan.Attach)
	} else {
		h.begin("start")
		cmd := h.plan.Command
		cmd.Stdout, cmd.Stderr = h.output, h.output
		if h.process, err = node.Start(ctx, cmd); err == nil {
			h.makeQuiet(ctx, h.process)
		}
	}
	if exit := new(node.Exit); errors.As(err, &exit) {
		return &DiedError{Phase: phaseWait, Exit: exit, Output: h.output.String()}
	}
	if err != nil {
		return err
	}
	info := h.process.Info()
	h.result.Program = Program{PID: info.PID, Runtime: info.Runtime, Version: info.NodeVersion, Command: info.CommandLine, Script: info.Script}
	h.result.Program.Attached, h.result.Program.options = h.plan.Attach, h.plan.Options
	if h.plan.Attach == "" {
		h.result.Program.Command = h.plan.Command.Args // as it was typed
	}
	h.end("%s, pid %d, %s %s", strings.Join(h.result.Program.Command, " "), info.PID, info.Runtime, info.NodeVersion)
	return nil
}

// whileAlive runs f until it ends, or the program does.
func (h *hunter) whileAlive(ctx context.Context, f func(context.Context) error) error {
	alive, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-h.process.Done():
			cancel(errDied)
		case <-alive.Done():
		}
	}()
	err := f(alive)
	if err != nil && ctx.Err() == nil && h.died() {
		err = &DiedError{Phase: h.phase, Exit: h.process.Exit(), Output: h.output.String()}
	}
	cancel(nil)
	<-watched
	return err
}

var errDied = errors.New("the program ended")

// died says whether the program is gone. What fails because it is going comes
// a moment before the news that it is gone.
func (h *hunter) died() bool {
	select {
	case <-h.process.Done():
		return true
	case <-time.After(time.Second):
		return false
	}
}

// hunt is the experiment: rates first, snapshots when they are needed.
func (h *hunter) hunt(ctx context.Context) error {
	if err := h.prepare(ctx); err != nil {
		return err
	}
	if err := h.watch(ctx); err != nil {
		return err
	}
	if h.result.Rates.flat() {
		return nil
	}
	if err := h.name(ctx); err != nil {
		return err
	}
	if h.result.Verdict == leak.Leaking || !h.result.Rates.growing() {
		return nil
	}
	return h.watchAgain(ctx)
}

// prepare waits until the program is ready, warms it up and looks at it idle.
func (h *hunter) prepare(ctx context.Context) error {
	h.begin(phaseWait)
	start := time.Now()
	base, err := h.waitReady(ctx)
	if err != nil {
		return err
	}
	h.result.Program.URL = base
	h.end("ready after %.1f s, %s", time.Since(start).Seconds(), or(base, "no port"))
	var notes []string
	h.driver, notes, err = newDriver(h.plan.Drive, base, h.result.Program.PID, h.plan.unit)
	if err != nil {
		return err
	}
	for _, n := range notes {
		h.note("%s", n)
	}
	if err := h.warmUp(ctx); err != nil {
		return err
	}
	if err := h.lookIdle(ctx); err != nil {
		return err
	}
	return h.settle(ctx)
}

// files is where a file of the hunt goes.
func (h *hunter) file(name string) string { return filepath.Join(h.plan.Dir, name) }

func (h *hunter) begin(phase string) {
	h.phase = phase
	h.plan.Progress(Event{Phase: phase})
}

func (h *hunter) end(format string, args ...any) {
	h.plan.Progress(Event{Phase: h.phase, Outcome: fmt.Sprintf(format, args...)})
}

// note is something that the reader of the result should know.
func (h *hunter) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	h.result.Notes = append(h.result.Notes, text)
	h.plan.Progress(Event{Phase: "note", Outcome: text})
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
