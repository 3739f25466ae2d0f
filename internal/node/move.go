package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"time"
)

// Move moves the inspector that we have opened to another port, 0 for a free one of
// those behind 9229, so that one more program can open its own there. The process that
// it returns takes the place of this one, whose connection is lost. An inspector
// that was open before us stays where it is.
func (p *Process) Move(ctx context.Context, port int) (*Process, error) {
	if p.guard == nil {
		return p, nil
	}
	if port == 0 {
		port = portBehind()
	}
	op := p.op("move the inspector of")
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	c, err := examine(p.pid)
	if err == nil {
		err = c.enter()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	before := c.inspectorSockets()
	closer, err := c.startCloser(before, closerPatience)
	if err != nil {
		return nil, notStarted(op, err)
	}
	// The lease of the old place ends by itself, and closes only that.
	p.guard.stop()
	_ = p.disconnect()
	moved, err := c.moveAndConnect(ctx, p.inspectorPort, port, p.guard.tick)
	if err != nil {
		closer.leave()
		return nil, explain(op, err)
	}
	closer.dismiss()
	moved.restore, moved.workers = p.restore, p.workers
	return moved, nil
}

// moveAndConnect moves an inspector, connects to it and leases it.
func (c *candidate) moveAndConnect(ctx context.Context, from, to int, tick time.Duration) (*Process, error) {
	if err := c.moveInspector(ctx, from, to); err != nil {
		return nil, err
	}
	p, err := c.connectAt(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(to)))
	for errors.Is(err, syscall.ECONNREFUSED) && pause(ctx) {
		p, err = c.connectAt(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(to)))
	}
	if err != nil {
		return nil, err
	}
	if err := p.lease(ctx, tick); err != nil {
		_ = p.disconnect()
		return nil, err
	}
	return p, nil
}

// portBehind is a free one of those behind the inspector's own.
func portBehind() int {
	for port := 9230; port < 9328; port++ {
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			_ = l.Close()
			return port
		}
	}
	return 0
}
