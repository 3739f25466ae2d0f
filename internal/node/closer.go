package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/shirou/gopsutil/v4/process"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// A closer is a process of ours that outlives us. It is started before a program
// is told to open its inspector, and waits. As soon as the inspector is ours, under
// a [lease], it is dismissed. When we give up or are killed before, it goes to work:
// it looks out for the inspector, which a program that stands still opens much
// later, closes it when nobody is connected, and ends. It ends with the program
// too, and when the program has had the time and opened none.
type closer struct {
	process *os.Process
	pipe    io.Closer // its end sends the closer to work
}

// closerName is what the closer, which is the same binary as we are, is called. Its
// arguments are the program's process id, the time of its start, the closer's
// patience, and the addresses at which the program listened before the signal.
const closerName = "plumb-closer"

// init makes a closer of a process that was started as one, whatever program it is
// that attaches: plumb, or a test.
func init() {
	if len(os.Args) == 0 || os.Args[0] != closerName {
		return
	}
	if len(os.Args) > 3 {
		closeLater(os.Args[1], os.Args[2], os.Args[3], os.Args[4:])
	}
	os.Exit(0)
}

// A closer's patience: how long it waits for the inspector of a program that does
// nothing. A program may do nothing and still be blocked, waiting for a command.
const (
	closerPatience = time.Hour
	workerPatience = time.Minute
)

func (c *candidate) startCloser(before []string, patience time.Duration) (*closer, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self)
	cmd.Args = append([]string{closerName, strconv.Itoa(c.pid), startOf(c.pid), patience.String()}, before...)
	cmd.Env = []string{}
	cmd.Dir = "/" // holds no folder
	ownSession(cmd)
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() { _ = cmd.Wait() }() // leaves no zombie when we live long
	return &closer{cmd.Process, pipe}, nil
}

// dismiss ends a closer that is not needed.
func (l *closer) dismiss() {
	_ = l.process.Kill()
	_ = l.pipe.Close()
}

// leave sends a closer to work.
func (l *closer) leave() { _ = l.pipe.Close() }

// endOthers ends the closers that others have left for the program: this one does
// their work, and there is never more than one.
func (l *closer) endOthers(ctx context.Context, pid int) {
	for _, other := range closersOf(ctx, pid) {
		if int(other.Pid) != l.process.Pid {
			_ = other.Kill()
		}
	}
}

// closersOf finds the closers of a program.
func closersOf(ctx context.Context, pid int) []*process.Process {
	all, err := process.PidsWithContext(ctx)
	if err != nil {
		return nil
	}
	var closers []*process.Process
	for _, id := range all {
		p := &process.Process{Pid: id}
		args, err := p.CmdlineSliceWithContext(ctx)
		if err == nil && len(args) > 2 && args[0] == closerName && args[1] == strconv.Itoa(pid) {
			closers = append(closers, p)
		}
	}
	return closers
}

// closeLater is the work of a closer.
func closeLater(id, start, limit string, before []string) {
	dropInherited()
	_, _ = io.Copy(io.Discard, os.Stdin) // until we are left
	pid, err := strconv.Atoi(id)
	if err != nil {
		return
	}
	patience, err := time.ParseDuration(limit)
	if err != nil {
		return
	}
	c, err := examine(pid)
	if err != nil || c.enter() != nil {
		return
	}
	ctx := context.Background()
	began := time.Now()
	for patience > 0 {
		if startOf(pid) != start || gone(ctx, pid) {
			return
		}
		if address := c.openedInspector(before); address != "" && c.closeUnused(ctx, address) {
			return
		}
		// Gently: a program may stand still for hours. That is no loss of patience,
		// only what it has slept is.
		rest := min(max(time.Since(began)/16, 50*time.Millisecond), 2*time.Second)
		if status(ctx, pid) == process.Sleep {
			patience -= rest
		}
		time.Sleep(rest)
	}
}

// openedInspector is the address of an inspector that was opened since, "" when
// there is none. Like [candidate.openInspector] it judges by the port.
func (c *candidate) openedInspector(before []string) string {
	for _, address := range c.opened(before) {
		if c.mayBeInspector(address) || c.port() == 0 {
			return address
		}
	}
	return ""
}

// closeUnused closes the inspector at an address when nobody is connected, now and
// a moment later: who waited for it as we did comes first.
func (c *candidate) closeUnused(ctx context.Context, address string) (closed bool) {
	port := portOf(address)
	time.Sleep(settling)
	if c.inUse(ctx, port) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	p, err := c.connectAt(ctx, address)
	if err != nil {
		return false
	}
	defer func() { _ = p.disconnect() }()
	if c.connections(ctx, port) > 1 {
		return false // somebody was as fast
	}
	// Without a lease: it would close the inspector under one who takes it over.
	if err := p.session.Evaluate(ctx, closeSource, nil); err != nil {
		return false
	}
	return p.closed(ctx) == nil
}

// abandoned tells whether an inspector that we have found open was opened by a plumb
// that gave up before it was connected: its closer is about to close it.
func (c *candidate) abandoned(ctx context.Context, p *Process) bool {
	if len(closersOf(ctx, c.pid)) == 0 {
		return false
	}
	// Who is connected beside us may be on the way out, or the closer at work.
	for began := time.Now(); c.connections(ctx, p.inspectorPort) > 1; {
		select {
		case <-p.session.Done():
			return true
		default:
		}
		if time.Since(began) > passing || !pause(ctx) {
			return false
		}
	}
	return true
}

// takeOver makes an abandoned inspector ours, and ends its closers. One of them may
// have asked the program to close it already: nil then, when it is closed.
func (c *candidate) takeOver(ctx context.Context, p *Process, tick time.Duration) (*Process, error) {
	err := p.lease(ctx, tick)
	if err == nil {
		for _, closer := range closersOf(ctx, c.pid) {
			_ = closer.Kill()
		}
		// The program's own clock: a timer that began before this one has fired when
		// this one does, however late both are.
		wait := "new Promise((done) => setTimeout(done, " + jsonText(2*closeDelay.Milliseconds()) + "))"
		if _, err = p.session.EvaluateRemote(ctx, inspector.Evaluation{Expression: wait, Microtask: true}); err == nil {
			return p, nil
		}
	}
	if p.guard != nil {
		p.guard.stop()
	}
	_ = p.disconnect()
	if errors.Is(err, inspector.ErrGone) {
		return nil, nil
	}
	return nil, err
}

// lease makes the inspector ours: it closes with us.
func (p *Process) lease(ctx context.Context, tick time.Duration) (err error) {
	p.guard, err = startLease(ctx, p.session, guardSource, tick)
	return err
}

// notStarted words a closer that cannot be started: without one, no signal is sent.
func notStarted(op string, err error) error {
	return &Error{op, fmt.Errorf("start %s, which closes the inspector if we are killed: %w", closerName, err), "free memory, or allow more processes (ulimit -u)"}
}
