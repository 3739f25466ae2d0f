// Package record runs a Node.js program line by line under the inspector and
// writes down what its memory looked like before each line.
//
// The program is stopped by breakpoints on the lines of its own files and then
// resumed: stepping into calls would walk through Node.js itself. At each stop an
// agent in the program describes what the scopes reach; at a checkpoint a heap
// snapshot adds sizes, distances and what became of objects that are out of sight.
//
// Recording a program runs it, with all that it does. It runs in a child process
// that ends with the recording, at the latest when a limit is reached.
//
// The package does not draw, and does not simulate. Worker threads and processes that
// the program starts run as they would, and are not recorded.
package record

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumb-dev/plumb/internal/lab"
)

// Options say what is recorded. The zero value records nothing: set the limits.
type Options struct {
	Node   string        // the program that runs JavaScript, "node" on the PATH when empty
	Args   []string      // of the program
	Steps  int           // the recording ends after so many
	Time   time.Duration // and after so long
	Memory int           // limit of the heap in MB, 0 for Node's own
	// Checkpoint tells of a step, from 0, whether a snapshot is taken at it.
	Checkpoint func(step int) bool
	Progress   func(steps int) // called after each step, when set
}

// FewCheckpoints is every step of a short program, and every twentieth of a
// longer one.
func FewCheckpoints(step int) bool { return step < 40 || step%20 == 0 }

// Record runs the program at path and records it. That it fails, or that a limit
// is reached, is in the trace and no error.
func Record(ctx context.Context, path string, opts Options) (*lab.Trace, error) {
	timed, cancel := context.WithTimeout(ctx, opts.Time)
	defer cancel()
	p, err := start(timed, path, opts)
	if err != nil {
		return nil, err
	}
	defer p.stop()
	r := &recorder{program: p, files: newFiles(path), opts: opts, objects: map[int]known{}}
	r.trace = &lab.Trace{Version: lab.Version, Program: r.files.base(path)}
	end, err := lab.End{}, r.prepare(timed)
	switch {
	case errors.Is(err, errNoLine):
		return nil, fmt.Errorf("record %s: %w: %s", path, err, p.end(timed).Detail)
	case err == nil:
		end, err = r.run(timed)
	case timed.Err() == nil:
		err = p.reason(err)
	}
	if err != nil && ctx.Err() == nil && errors.Is(timed.Err(), context.DeadlineExceeded) {
		end, err = lab.End{Reason: lab.TimeLimit, Exit: -1}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("record %s: %w", path, err)
	}
	if end.Exit == -1 {
		p.stop()
	}
	end.Output = p.output()
	r.trace.End = end
	r.trace.Files = r.files.list
	r.trace.Workers = int(r.workers.Load())
	return r.trace, nil
}

// run goes from stop to stop.
func (r *recorder) run(ctx context.Context) (lab.End, error) {
	for {
		select {
		case stop := <-r.stops:
			if err := r.follow(ctx, stop); err != nil {
				return lab.End{}, err
			}
			if len(r.trace.Steps) >= r.opts.Steps {
				return lab.End{Reason: lab.StepLimit, Exit: -1}, nil
			}
		case <-r.atEnd:
			return r.program.end(ctx), nil
		case <-r.program.client.Done():
			return r.program.end(ctx), nil
		case <-ctx.Done():
			return lab.End{}, ctx.Err()
		}
	}
}

// follow records a stop, when it is one on a line, and lets the program go on.
func (r *recorder) follow(ctx context.Context, stop pause) error {
	if err := r.breakpoints(ctx); err != nil {
		return err
	}
	if stop.Reason != "instrumentation" {
		if err := r.step(ctx, stop); err != nil {
			return err
		}
		if r.opts.Progress != nil {
			r.opts.Progress(len(r.trace.Steps))
		}
	}
	return r.program.client.Send("Debugger.resume", nil)
}
