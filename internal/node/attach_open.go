package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/process"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// open opens the inspector of a process with SIGUSR1 and connects to it.
func (c *candidate) open(ctx context.Context, op string, opts AttachOptions) (*Process, error) {
	if err := c.waitForHandler(ctx); err != nil {
		return nil, &Error{op, err, "start it without --disable-sigusr1, or under plumb: plumb snapshot -- node app.js"}
	}
	restore, err := c.freePort(ctx)
	if err != nil {
		return nil, &Error{op, err, "close that debugger or program, or give the ws:// URL of an inspector of this one"}
	}
	p, err := c.signalAndConnect(ctx, op, opts)
	if err == nil && p.guard != nil {
		p.restore = restore
	} else if restore != nil {
		restore(context.WithoutCancel(ctx))
	}
	return p, err
}

// pollInterval is the pause between two looks at something that cannot be
// waited for.
const pollInterval = 5 * time.Millisecond

// pause waits between two looks; false when ctx has ended.
func pause(ctx context.Context) bool {
	select {
	case <-time.After(pollInterval):
		return true
	case <-ctx.Done():
		return false
	}
}

// signalAndConnect opens the inspector, which is ours to close then, unless
// another plumb has opened it a moment before.
func (c *candidate) signalAndConnect(ctx context.Context, op string, opts AttachOptions) (p *Process, err error) {
	// The signal would end a blocking read with EINTR, which many a program does
	// not survive: wait until it is over.
	for blocked(c.pid) {
		if !pause(ctx) {
			return nil, &Error{op, fmt.Errorf("%w: its event loop is blocked, or it is stopped", ErrBusy), "try again when it runs again, or wait longer with --timeout"}
		}
	}
	before := c.inspectorSockets()
	closer, err := c.startCloser(before, closerPatience)
	if err != nil {
		return nil, notStarted(op, err)
	}
	workers, err := c.startWorkerClosers(ctx)
	if err != nil {
		closer.dismiss()
		return nil, notStarted(op, err)
	}
	if err := sendSIGUSR1(c.pid); err != nil {
		closer.dismiss()
		workers.dismiss()
		return nil, &Error{op, err, c.hintFor(err)}
	}
	closer.endOthers(ctx, c.pid)
	p, ours, err := c.connectOpened(ctx, op, before)
	if err == nil && ours {
		if err = p.lease(ctx, opts.guardTick); err != nil {
			_ = p.disconnect()
		}
	}
	if err != nil {
		closer.leave()
		workers.leave()
		return nil, err
	}
	closer.dismiss()
	p.workers = workers
	return p, nil
}

// connectOpened connects as soon as the inspector is open, and tells whether it
// was opened since.
func (c *candidate) connectOpened(ctx context.Context, op string, before []string) (p *Process, ours bool, err error) {
	start := time.Now()
	var last error
	looks, busy := 0, 0
	for {
		for _, address := range c.opened(before) {
			p, err := c.connectAt(ctx, address)
			if err == nil {
				return p, true, nil
			}
			last = err
		}
		for _, address := range before {
			if !c.mayBeInspector(address) {
				continue
			}
			if p, err := c.connectAt(ctx, address); err == nil {
				return p, false, nil
			}
		}
		if gone(ctx, c.pid) {
			return nil, false, &Error{op, ErrEnded, "start it again"}
		}
		looks++
		if status(ctx, c.pid) != process.Sleep {
			busy++
		}
		if !pause(ctx) {
			break
		}
	}
	const later = "; should it open its inspector later, a process of plumb's (" + closerName + ") closes it"
	var timeout *inspector.TimeoutError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, false, context.Canceled
	case errors.As(last, &timeout), busy > looks/2:
		return nil, false, &Error{op, fmt.Errorf("%w: its event loop was blocked for %s", ErrBusy, time.Since(start).Round(time.Second/10)), "wait longer with --timeout" + later}
	case last != nil:
		return nil, false, last
	default:
		return nil, false, &Error{op, fmt.Errorf("%w: the program handles SIGUSR1 itself, or waits for a command that it runs", ErrNoInspector), "start it with --inspect=127.0.0.1:0, or under plumb: plumb snapshot -- node app.js" + later}
	}
}

// closeInspector closes the inspector that we opened and waits until its socket
// is gone.
func (p *Process) closeInspector(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	op := p.op("close the inspector of")
	if err := p.guard.end(ctx); err != nil && !errors.Is(err, inspector.ErrGone) {
		return explain(op, err)
	}
	return p.closed(ctx)
}

// closed waits until the inspector's socket is gone.
func (p *Process) closed(ctx context.Context) error {
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(p.inspectorPort))
	for {
		targets, err := inspector.Targets(ctx, address, p.dial)
		ours := slices.ContainsFunc(targets, func(t inspector.Target) bool { return t.ID == p.targetID })
		if err == nil && !ours || errors.Is(err, syscall.ECONNREFUSED) {
			return nil
		}
		if !pause(ctx) {
			return &Error{p.op("close the inspector of"), fmt.Errorf("%w: it is still open", ErrBusy), "it closes by itself some seconds after the program's event loop is free again"}
		}
	}
}
