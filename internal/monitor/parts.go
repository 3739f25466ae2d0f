package monitor

import (
	"fmt"
	"slices"
	"sync"
)

// parts run side by side, and are stopped in the opposite order.
type parts struct {
	mu     sync.Mutex
	stops  []func()
	failed chan error // of the first part that ended by itself
}

// start runs a part until stop makes run return.
func (p *parts) start(name string, run func() error, stop func()) {
	var running sync.WaitGroup
	running.Go(func() {
		if err := run(); err != nil {
			select {
			case p.failed <- fmt.Errorf("%s: %w", name, err):
			default: // one is enough
			}
		}
	})
	p.onStop(func() {
		stop()
		running.Wait()
	})
}

// onStop has something done at the end.
func (p *parts) onStop(stop func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stops = append(p.stops, stop)
}

func (p *parts) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, stop := range slices.Backward(p.stops) {
		stop()
	}
	p.stops = nil
}
