package node

import "sync"

// end is what happens when a program has run to its end (its last task is done,
// process.exit() or an exception that nobody caught): Node.js then waits for us
// to leave before the process exits. We leave at once, unless somebody wants to
// ask it something first.
type end struct {
	at chan struct{} // closed when it is reached

	mu   sync.Mutex
	held bool
}

func newEnd() end { return end{at: make(chan struct{})} }

// Hold keeps a program that has run to its end, from when the channel is closed
// until Release or Stop; when we are killed, it goes on by itself. Only the heap's
// size and what was sampled can be asked for then: a collection or a snapshot is
// not answered any more. A program that is killed, and one that is no Node.js,
// ends without it.
func (p *Process) Hold() (atEnd <-chan struct{}) {
	p.end.mu.Lock()
	defer p.end.mu.Unlock()
	p.end.held = true
	return p.end.at
}

// reach tells whether the program is held.
func (e *end) reach() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.reached() {
		close(e.at)
	}
	return e.held
}

func (e *end) reached() bool {
	select {
	case <-e.at:
		return true
	default:
		return false
	}
}
