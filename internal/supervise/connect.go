package supervise

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// Connection is a life that can be asked itself.
type Connection struct {
	App      string
	Instance int
	Process  *node.Process

	life     *life
	instance *instance
}

// Memory is what the life had at the last look, and its limit, in bytes; 0 for
// what is not known.
func (c Connection) Memory() (rss, limit uint64) {
	c.instance.mu.Lock()
	defer c.instance.mu.Unlock()
	return c.life.rss, c.life.limit
}

// Pause suspends the limits of the life, until resume is called: while it stands
// still for a snapshot its memory is not its own. What it keeps of that afterwards
// is added to its limit, by half of that at most.
func (c Connection) Pause() (resume func()) {
	c.life.paused.Add(1)
	before, _ := tree.RSS(tree.Of(c.life.pid()))
	return func() {
		after, _ := tree.RSS(tree.Of(c.life.pid()))
		if raised := c.raise(before, after); raised > 0 {
			c.life.warn(fmt.Sprintf("its memory limit is %s until it ends: a snapshot left it with %s more",
				megabytes(raised), megabytes(after-before)))
		}
		c.life.paused.Add(-1)
	}
}

// raise gives a life the memory that a snapshot has left it with. It returns the
// new limit where that is worth a word.
func (c Connection) raise(before, after uint64) uint64 {
	c.instance.mu.Lock()
	defer c.instance.mu.Unlock()
	old := c.life.limit
	if old == 0 || after <= before {
		return 0
	}
	whole := c.instance.app.Memory.RSS.Of(node.MemoryLimit(c.life.pid()))
	c.life.limit = min(old+after-before, whole+whole/2)
	if c.life.limit-old < whole/20 {
		return 0
	}
	return c.life.limit
}

// connects tells whether somebody wants to ask the program itself. That takes an
// open inspector, under a secret address.
func (i *instance) connects() bool {
	return i.app.Memory.Heap.Set() || i.s.opts.Connected != nil
}

// connect connects to a life and serves those who want to ask it, until its end.
func (i *instance) connect(l *life) {
	p, err := l.child.Connect(l.ctx)
	if err != nil {
		if i.app.Memory.Heap.Set() && l.ctx.Err() == nil && l.child.Exit() == nil {
			l.warn("its heap is not limited: " + err.Error())
		}
		return
	}
	defer func() { _ = p.Release(context.WithoutCancel(l.ctx)) }()
	c := Connection{App: i.app.Name, Instance: i.number, Process: p, life: l, instance: i}
	i.hold(&c)
	defer i.hold(nil)
	var asking sync.WaitGroup
	if i.app.Memory.Heap.Set() {
		asking.Go(func() { l.watchHeap(p, i.app.Memory) })
	}
	if i.s.opts.Connected != nil {
		asking.Go(func() {
			i.s.opts.Connected(l.ctx, c)
		})
	}
	asking.Wait()
}

// hold keeps the connection for those who ask for it, nil for none.
func (i *instance) hold(c *Connection) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.connection = c
}

// ErrNotConnected is an instance that cannot be asked itself.
var ErrNotConnected = errors.New("it cannot be asked: it does not run, or is neither measured nor watched")

// Connection is how an instance can be asked itself now.
func (s *Supervisor) Connection(app string, number int) (Connection, error) {
	list, err := s.of(app)
	if err != nil {
		return Connection{}, err
	}
	for _, i := range list {
		if i.number != number {
			continue
		}
		i.mu.Lock()
		defer i.mu.Unlock()
		if i.connection != nil {
			return *i.connection, nil
		}
	}
	return Connection{}, fmt.Errorf("%s %d: %w", app, number, ErrNotConnected)
}

// watchHeap asks the program what its heap holds. As long as its event loop is
// blocked it does not answer.
func (l *life) watchHeap(p *node.Process, m Memory) {
	tick := time.NewTicker(m.Interval)
	defer tick.Stop()
	for above := 0; ; {
		select {
		case <-tick.C:
		case <-p.Done():
			return
		case <-l.ctx.Done():
			return
		}
		ctx, cancel := context.WithTimeout(l.ctx, 2*time.Second)
		memory, err := p.Memory(ctx)
		cancel()
		if err != nil {
			continue // blocked, or at its end
		}
		l.heap.Store(memory.HeapUsed)
		if l.paused.Load() > 0 || memory.HeapUsed <= m.Heap.Of(memory.HeapLimit) {
			above = 0
		} else if above++; above >= m.Samples {
			l.decide(HeapLimit)
			return
		}
	}
}
