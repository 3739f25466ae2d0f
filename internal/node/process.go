package node

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/shirou/gopsutil/v4/process"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// Process is a program that we are connected to. Its methods may be called by
// several goroutines; they fail with [ErrGone] once the program has ended.
type Process struct {
	*Thread // the main thread

	client *inspector.Client
	info   Info
	pid    int    // on this machine, 0 when that is not known; info.PID may be another machine's
	child  *Child // nil when attached

	dial          inspector.Dialer
	inspectorPort int
	targetID      string
	guard         *lease                // of an inspector that we opened, nil of one that is left open
	workers       closers               // of a cluster whose primary this is, to be left when we let go
	restore       func(context.Context) // puts another inspector back to its port; nil when none was moved

	end        end
	leaving    sync.Once
	background sync.WaitGroup
}

// connect makes a Process of an inspector's URL.
func connect(ctx context.Context, address string, dial inspector.Dialer) (*Process, error) {
	client, err := inspector.Dial(ctx, address, dial)
	if err != nil {
		return nil, err
	}
	p := &Process{client: client, end: newEnd()}
	if u, err := url.Parse(address); err == nil {
		p.inspectorPort = portOf(u.Host)
	}
	p.Thread = &Thread{process: p, session: client.Session}
	if err := p.greet(ctx); err != nil {
		_ = p.disconnect()
		return nil, err
	}
	return p, nil
}

// op names an operation on the process for an error.
func (p *Process) op(verb string) string { return verb + " " + p.name() }

// greet asks what the program is. A program that has run to its end waits for
// its debugger to leave before it exits: we must not keep it.
func (p *Process) greet(ctx context.Context) error {
	err := p.client.OnWaitingForDisconnect(ctx, func() {
		if !p.end.reach() {
			p.background.Go(func() { _ = p.client.Close() })
		}
	})
	if err != nil {
		return err
	}
	switch alive, err := p.client.HasContext(ctx); {
	case err != nil:
		return err
	case !alive:
		return ErrEnded
	}
	if p.info, err = askInfo(ctx, p.session); err != nil {
		return err
	}
	return nil
}

// Info says what the process is.
func (p *Process) Info() Info { return p.info }

// name is how errors call the process.
func (p *Process) name() string {
	if p.info.PID == 0 {
		return "the target"
	}
	return fmt.Sprintf("process %d", p.info.PID)
}

// hostPID is the process's id on this machine, 0 when it runs elsewhere.
func (p *Process) hostPID() int { return p.pid }

// Done is closed when the process has ended. Of an attached one it is known
// only that its inspector is gone.
func (p *Process) Done() <-chan struct{} {
	if p.child != nil {
		return p.child.done
	}
	return p.client.Done()
}

// Runs tells whether a process of this machine still runs when its inspector is
// gone: somebody else who was attached has closed it. A process that dies closes
// its sockets first, so this waits for a moment.
func (p *Process) Runs(ctx context.Context) bool {
	if p.child != nil || p.pid == 0 {
		return p.child != nil && p.child.ended() == nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second/2)
	defer cancel()
	for !gone(ctx, p.pid) {
		if !pause(ctx) {
			return true
		}
	}
	return false
}

// gone tells whether a process has ended, also when its parent has not asked how.
func gone(ctx context.Context, pid int) bool {
	return !exists(pid) || status(ctx, pid) == process.Zombie
}

// status is what the main thread of a process does, in the words of package
// process; "" when that is not known.
func status(ctx context.Context, pid int) string {
	words, err := (&process.Process{Pid: int32(pid)}).StatusWithContext(ctx)
	if err != nil || len(words) == 0 {
		return ""
	}
	return words[0]
}

// Exit says how a child ended: nil as long as it runs, and for an attached
// process.
func (p *Process) Exit() *Exit {
	if p.child == nil {
		return nil
	}
	return p.child.ended()
}

// Release lets go. An inspector that was closed before is closed again, and
// Release waits until its socket is gone; one that was open stays open. A child
// goes on without us.
func (p *Process) Release(ctx context.Context) error {
	var err error
	p.leaving.Do(func() {
		if p.guard != nil {
			p.guard.stop()
			if p.client.Err() == nil && !p.end.reached() {
				err = p.closeInspector(ctx)
			}
		}
		_ = p.disconnect()
		if p.restore != nil {
			p.restore(ctx)
		}
		p.workers.leave()
	})
	return err
}

// disconnect ends the connection and all that works for it.
func (p *Process) disconnect() error {
	err := p.client.Close()
	p.background.Wait()
	if p.child != nil && p.child.agent != nil {
		p.child.agent.close()
	}
	return err
}

// Stop ends a child: a polite signal, 5 seconds, then a kill, for it and the
// processes that it started. It returns when the child is gone. A child that is
// at its end has those 5 seconds for it before the signal. An attached process is
// only released.
func (p *Process) Stop(ctx context.Context) error {
	if p.child == nil {
		return p.Release(ctx)
	}
	p.leaving.Do(func() { _ = p.disconnect() })
	if p.end.reached() {
		select {
		case <-p.child.done:
		case <-ctx.Done():
		case <-time.After(grace):
		}
	}
	return p.child.stop(ctx)
}
