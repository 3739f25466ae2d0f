package supervise

import (
	"fmt"
	"syscall"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// end ends a life: it drains, is asked, and is killed when it does not go. It
// returns when nothing of it is left.
func (i *instance) end(l *life, why Reason) Ended {
	i.set(Stopping)
	if !i.app.Overlap || why == Stopped || why == Unhealthy || why == NotReady {
		i.tell(Event{Kind: KindStopping, PID: l.pid(), Reason: why})
	}
	if i.pool != nil && why != Unhealthy && l.worker.Drain() == nil {
		i.pause(l, i.app.Stop.Drain, l.drained)
	}
	switch {
	case l.told:
	case i.app.Stop.Message && l.worker.Shutdown() == nil:
	default:
		i.signal(l, i.app.Stop.Signal)
	}
	i.pause(l, i.app.Stop.Timeout, nil)
	if l.child.Exit() == nil {
		kin := tree.Of(l.pid()) // those that have left the group too
		i.signal(l, syscall.SIGKILL)
		tree.Signal(kin, syscall.SIGKILL)
		<-l.child.Done()
	}
	return i.bury(l, why)
}

// pause waits for a life's end, but not for ever.
func (i *instance) pause(l *life, d time.Duration, enough <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-l.child.Done():
	case <-enough:
	case <-timer.C:
	case <-i.s.hurry:
	}
}

// signal reaches the process and what it has started.
func (i *instance) signal(l *life, signal syscall.Signal) {
	if i.s.opts.Foreground {
		tree.Signal(tree.Of(l.pid()), signal)
		return
	}
	_ = tree.SignalGroup(l.pid(), signal) // it may have ended
}

// bury does what is left when the process has ended: what it started is ended
// too, and how it ended is recorded. why is "" when we did not end it.
func (i *instance) bury(l *life, why Reason) Ended {
	i.sweep(l)
	l.cancel()
	if l.worker != nil {
		l.worker.Close()
	}
	l.helper.Wait()
	l.closeOutputs()
	if i.s.guard != nil {
		i.s.guard.Drop(i.target(l))
	}
	exit := l.child.Exit()
	e := Ended{
		Reason: why, Code: exit.Code, Signal: exit.Signal, Said: exit.Said,
		PID: l.pid(), Time: time.Now(), Uptime: time.Since(l.started), RSS: l.rss,
	}
	if why == "" {
		e.Reason = reasonOf(*exit, node.OOMKills()-l.kills)
		e.Hint = hintFor(*exit, e.Reason)
		if e.Reason == HeapOOM && exit.Fatal != "" {
			e.Said = exit.Fatal
		}
	}
	if e.Useful = e.Uptime; l.above > 0 {
		e.Useful = l.since.Sub(l.started)
	}
	i.record(l, e)
	return e
}

// unkillable is how long a process may take to die of SIGKILL: one that waits for
// a broken disk never does.
const unkillable = 5 * time.Second

// sweep ends what the process has left behind: a program that ends while what
// it started holds its port could not start again.
func (i *instance) sweep(l *life) {
	signal, asked := syscall.SIGTERM, false
	patience := time.Now().Add(i.app.Stop.Timeout)
	for left := tree.Orphans(l.mark); len(left) > 0; left = tree.Orphans(l.mark) {
		now := time.Now()
		if now.After(patience.Add(unkillable)) {
			i.tell(Event{Kind: KindWarning, PID: l.pid(), Text: fmt.Sprintf("processes that it started cannot be killed: %d", left)})
			break
		}
		if now.After(patience) || i.s.hurries() {
			signal, asked = syscall.SIGKILL, false // again and again: they may start others
		}
		if !asked {
			tree.Signal(left, signal)
			asked = true
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !i.s.opts.Foreground {
		_ = tree.SignalGroup(l.pid(), syscall.SIGKILL) // those without the mark
	}
}

func (s *Supervisor) hurries() bool {
	select {
	case <-s.hurry:
		return true
	default:
		return false
	}
}
