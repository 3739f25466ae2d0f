package supervise

import (
	"context"
	"sync"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

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
	var asking sync.WaitGroup
	if i.app.Memory.Heap.Set() {
		asking.Go(func() { l.watchHeap(p, i.app.Memory) })
	}
	if i.s.opts.Connected != nil {
		asking.Go(func() { i.s.opts.Connected(l.ctx, i.app.Name, i.number, p) })
	}
	asking.Wait()
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
		if memory.HeapUsed <= m.Heap.Of(memory.HeapLimit) {
			above = 0
		} else if above++; above >= m.Samples {
			l.decide(HeapLimit)
			return
		}
	}
}
