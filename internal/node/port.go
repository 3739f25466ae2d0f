package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// settling is how long an inspector is looked at before it counts as one that nobody
// is connected to: who has just opened it connects within that time. Who is connected
// for longer than passing stays: plumb ps, and what else only asks, is gone by then.
const (
	settling = 200 * time.Millisecond
	passing  = 2 * time.Second
)

// freePort makes sure that the candidate can open its inspector: a failure is
// told on its own standard error only. An inspector of another program there to
// which nobody is connected moves to another port; restore, if not nil, moves
// it back. Anything else is an error that says who has the port.
func (c *candidate) freePort(ctx context.Context) (restore func(context.Context), err error) {
	port := c.port()
	if port == 0 {
		return nil, nil
	}
	pid, taken, debugged := c.portHolder(ctx, port)
	for began := time.Now(); taken && pid != c.pid; pid, taken, debugged = c.portHolder(ctx, port) {
		if past := time.Since(began); past > passing || past > settling && !debugged {
			break
		}
		if !pause(ctx) {
			return nil, ctx.Err()
		}
	}
	if !taken || pid == c.pid { // its own: another plumb was faster
		return nil, nil
	}
	refused := fmt.Errorf("%w: another program listens on %d", ErrPortTaken, port)
	if pid == 0 {
		return nil, refused
	}
	holder, err := examine(pid)
	refused = fmt.Errorf("%w: process %d (%s) listens on %d", ErrPortTaken, pid, strings.Join(holder.args, " "), port)
	switch {
	case err != nil:
		return nil, refused
	case debugged:
		return nil, fmt.Errorf("%w and is being debugged", refused)
	}
	holder.dial = c.dial
	before := holder.inspectorSockets()
	if err := holder.moveInspector(ctx, port, 0); err != nil {
		return nil, fmt.Errorf("%w and cannot be moved: %w", refused, err)
	}
	return func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		// When the program has ended meanwhile, or the port is taken again, there
		// is nothing to restore.
		for _, address := range holder.opened(before) {
			if holder.moveInspector(ctx, portOf(address), port) == nil {
				return
			}
		}
	}, nil
}

// moveInspector closes a program's inspector and opens it at another port, 0
// for any that is free. It returns when the program has left the old one, and somebody
// has the new one. The primary of a cluster, which has each worker open an inspector as
// well when its own opens, does not hear of it.
func (c *candidate) moveInspector(ctx context.Context, from, to int) error {
	p, err := c.connectAt(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(from)))
	if err != nil {
		return err
	}
	defer func() { _ = p.disconnect() }()
	for began := time.Now(); c.connections(ctx, from) > 1; {
		if time.Since(began) > passing {
			return errors.New("somebody has just connected to it")
		}
		if !pause(ctx) {
			return ctx.Err()
		}
	}
	err = p.session.Evaluate(ctx, later+`(() => setTimeout(() => {
  const inspector = `+builtin+`('inspector');
  inspector.close();
  const listeners = process.rawListeners('internalMessage');
  process.removeAllListeners('internalMessage');
  try {
    inspector.open(`+strconv.Itoa(to)+`, '127.0.0.1');
  } finally {
    for (const listener of listeners) process.on('internalMessage', listener);
  }
}, 20))`, nil)
	if err != nil {
		return err
	}
	_ = p.disconnect() // to close an inspector waits for who is connected
	for {
		holder, taken, _ := c.portHolder(ctx, from)
		left := !taken || holder != 0 && holder != c.pid // another one may be waiting for it
		if left && to != 0 {
			_, left, _ = c.portHolder(ctx, to)
		}
		if left || gone(ctx, c.pid) {
			return nil
		}
		if !pause(ctx) {
			return ctx.Err()
		}
	}
}
