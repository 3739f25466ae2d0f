package metrics

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

//go:embed probe.js
var probeSource string

// mostSeries bounds the combinations of method, route and code in one process.
// Each takes 39 time series.
const mostSeries = 100

// probe is a way to the probe inside a process.
type probe interface {
	// read asks for the figures. It waits as long as the process does not answer.
	read(ctx context.Context) ([]byte, error)
	// end takes the probe back, if the process answers.
	end(ctx context.Context)
}

// connected is the probe of a process to which we stay connected. It is planted:
// a reading takes half of what it takes through the inspector. Where that cannot
// be done, in a container without a directory for the socket or by a program that
// may not connect to it, it is read through the inspector.
type connected struct {
	process *node.Process
	probe   probe // nil before the first reading
}

// planting bounds the wait for a probe to connect to us. A program that loads its
// modules does nothing else.
const planting = 30 * time.Second

func (c *connected) read(ctx context.Context) ([]byte, error) {
	if c.probe != nil {
		if text, err := c.probe.read(ctx); !errors.Is(err, node.ErrGone) {
			return text, err
		}
		c.probe.end(ctx) // what is gone may be the probe alone
	}
	entering, cancel := context.WithTimeout(ctx, planting)
	defer cancel()
	if planted, err := plant(entering, c.process.Info().PID, c.process); err == nil {
		c.probe = planted
	} else {
		c.probe = &inspected{thread: c.process.Thread, tick: probeTick}
	}
	return c.probe.read(ctx)
}

func (c *connected) end(ctx context.Context) {
	if c.probe != nil {
		c.probe.end(ctx)
	}
}

// probeExpression makes a probe that ends by itself when it is not read for ticks
// ticks.
func probeExpression(tick time.Duration, ticks int) string {
	return fmt.Sprintf("(%s)(%s, %s, { tick: %d, ticks: %d, series: %d })", probeSource, node.Builtin, node.Later, tick.Milliseconds(), ticks, mostSeries)
}

const (
	probeTick  = 30 * time.Second
	probeTicks = 10 // without a reading: as long as Prometheus keeps a value
)

// hasEnded is how a probe begins that has taken itself back.
const hasEnded = `{"ended"`

// inspected is a probe that is read through the inspector.
type inspected struct {
	thread *node.Thread
	tick   time.Duration
	remote *node.Remote // nil before the first reading, and when the probe has ended
}

func (i *inspected) read(ctx context.Context) ([]byte, error) {
	if i.remote == nil {
		remote, err := i.thread.Place(ctx, probeExpression(i.tick, probeTicks))
		if err != nil {
			return nil, err
		}
		i.remote = remote
	}
	var text string
	if err := i.remote.Call(ctx, "function () { return this.read(); }", &text); err != nil {
		return nil, err
	}
	if strings.HasPrefix(text, hasEnded) {
		i.remote = nil
		return i.read(ctx)
	}
	return []byte(text), nil
}

func (i *inspected) end(ctx context.Context) {
	if i.remote != nil {
		_ = i.remote.Call(ctx, "function () { "+node.Later+"(this.end); }", nil) // it ends by itself as well
		i.remote = nil
	}
}
