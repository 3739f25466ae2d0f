package node

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os/user"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/process"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// AttachOptions are those of [Attach].
type AttachOptions struct {
	Timeout time.Duration // to reach the program; 0 is 15 seconds

	guardTick time.Duration // shorter in tests
}

// Attach connects to a running program: a process id, a ws:// URL, or the
// http://host:port of an inspector with one target. Of a process without an
// inspector it opens one, with SIGUSR1, which Release closes again.
func Attach(ctx context.Context, target string, opts AttachOptions) (*Process, error) {
	if opts.Timeout == 0 {
		opts.Timeout = 15 * time.Second
	}
	if opts.guardTick == 0 {
		opts.guardTick = leaseTick
	}
	attaching, cancel := context.WithTimeout(ctx, opts.Timeout)
	defer cancel()
	op := "attach to " + target
	pid, err := strconv.Atoi(target)
	switch {
	case err == nil && pid > 0:
		p, err := attachPID(attaching, op, pid, opts)
		var worded *Error
		if err == nil || errors.As(err, &worded) {
			return p, err
		}
		return nil, explain(op, err)
	case strings.HasPrefix(target, "ws://"), strings.HasPrefix(target, "wss://"):
		return attachURL(attaching, op, target)
	case strings.HasPrefix(target, "http://"):
		u, err := url.Parse(target)
		if err != nil || u.Host == "" {
			return nil, &Error{op, errors.New("no host in the URL"), "give http://HOST:PORT"}
		}
		return attachHost(attaching, op, u.Host)
	default:
		return nil, &Error{op, errors.New("neither a process id nor a URL"), "give a process id (see plumb ps), ws://... or http://HOST:PORT"}
	}
}

// attachURL connects to an inspector that is open and stays so.
func attachURL(ctx context.Context, op, address string) (*Process, error) {
	p, err := connect(ctx, address, nil)
	if err == nil {
		return p, nil
	}
	var timeout *inspector.TimeoutError
	if errors.As(err, &timeout) {
		return nil, explain(op, err)
	}
	if inspector.NotSupported(err) {
		return nil, &Error{op, fmt.Errorf("%w: the target runs no JavaScript", ErrUnsupported), "of a browser give http://HOST:PORT, or the ws:// URL of a page"}
	}
	return nil, &Error{op, fmt.Errorf("%w: %w", ErrNoInspector, err), "check the URL; its last part changes with every start of the program"}
}

// attachHost connects to the only target of an inspector.
func attachHost(ctx context.Context, op, host string) (*Process, error) {
	targets, err := inspector.Targets(ctx, host, nil)
	if err != nil {
		return nil, &Error{op, fmt.Errorf("%w: %w", ErrNoInspector, err), "check host and port; a program with --inspect-publish-uid=stderr tells its ws:// URL only there"}
	}
	usable := slices.DeleteFunc(targets, func(t inspector.Target) bool {
		return t.WebSocketURL == "" || t.Type != "node" && t.Type != "page"
	})
	switch len(usable) {
	case 0:
		return nil, &Error{op, fmt.Errorf("%w: nothing to attach to there", ErrNoInspector), "it may be taken by another debugger: close that one"}
	case 1:
		return attachURL(ctx, op, usable[0].WebSocketURL)
	default:
		var list strings.Builder
		for _, t := range usable {
			fmt.Fprintf(&list, "\n  %s  %s", t.WebSocketURL, t.Title)
		}
		return nil, &Error{op, fmt.Errorf("%d targets are there", len(usable)), "give the URL of one:" + list.String()}
	}
}

// attachPID connects to a process of this machine.
func attachPID(ctx context.Context, op string, pid int, opts AttachOptions) (*Process, error) {
	c, err := examine(pid)
	if err != nil {
		return nil, &Error{op, err, c.hintFor(err)}
	}
	if err := c.enter(); err != nil {
		return nil, &Error{op, err, "it runs in another network namespace (a container): run plumb as root, or inside the container"}
	}
	p, err := c.openInspector(ctx)
	if p != nil && err == nil && c.abandoned(ctx, p) {
		p, err = c.takeOver(ctx, p, opts.guardTick)
	}
	if p != nil || err != nil {
		return p, err // it was open: used as it is, and left so
	}
	return c.open(ctx, op, opts)
}

// candidate is a process that we may attach to.
type candidate struct {
	pid     int // on this machine
	inside  int // in its own pid namespace
	runtime string
	exe     string
	args    []string
	owner   string   // user name or id
	options []string // those of node, from the command line and NODE_OPTIONS
	dial    inspector.Dialer
	signal  bool // it handles SIGUSR1
}

// ownName is the name of the user that plumb runs as.
func ownName() string {
	own, err := user.Current()
	if err != nil {
		return ""
	}
	return own.Username
}

// hintFor says what to do about an error of examine.
func (c *candidate) hintFor(err error) string {
	switch {
	case errors.Is(err, ErrNoProcess):
		return "see plumb ps for the programs that run"
	case errors.Is(err, ErrPermission) && c.owner == ownName():
		return "in a container, plumb takes the capability SYS_PTRACE for it"
	case errors.Is(err, ErrPermission):
		return fmt.Sprintf("it belongs to user %s: run plumb as that user or with sudo", c.owner)
	case errors.Is(err, ErrUnsupported):
		return "run the program with node"
	case errors.Is(err, ErrNotNode) && c.below() != 0:
		return fmt.Sprintf("it has started one: attach to %d", c.below())
	default:
		return "see plumb ps for the Node.js programs; for Electron and Chrome start with --remote-debugging-port and give http://127.0.0.1:PORT"
	}
}

// below finds a program that we can attach to among those that a shell or
// another wrapper has started; 0 when there is none, or more than one.
func (c *candidate) below() int {
	p, err := process.NewProcess(int32(c.pid))
	if err != nil {
		return 0
	}
	children, err := p.Children()
	if err != nil || len(children) != 1 {
		return 0
	}
	child, err := examine(int(children[0].Pid))
	switch {
	case err == nil:
		return child.pid
	case errors.Is(err, ErrNotNode):
		return child.below()
	default:
		return 0
	}
}

// defaultPort is where Node.js and Deno open the inspector on SIGUSR1.
const defaultPort = 9229

// port is where SIGUSR1 opens the inspector, 0 for any free port.
func (c *candidate) port() int {
	port := defaultPort
	for _, option := range c.options {
		name, value, _ := strings.Cut(option, "=")
		switch name {
		case "--inspect-port", "--debug-port", "--inspect", "--inspect-brk", "--inspect-wait":
			if i := strings.LastIndexByte(value, ':'); i >= 0 {
				value = value[i+1:]
			}
			if n, err := strconv.Atoi(value); err == nil {
				port = n
			}
		}
	}
	return port
}

// inspecting tells whether it was started with an inspector.
func (c *candidate) inspecting() bool {
	return slices.ContainsFunc(c.options, func(option string) bool {
		name, _, _ := strings.Cut(option, "=")
		return name == "--inspect" || name == "--inspect-brk" || name == "--inspect-wait"
	})
}

// unpublished tells whether it was told not to list its inspector's address, which
// has a secret part: there is nothing to ask for then.
func (c *candidate) unpublished() bool {
	hidden := false
	for _, option := range c.options {
		if where, ok := strings.CutPrefix(option, "--inspect-publish-uid="); ok {
			hidden = !slices.Contains(strings.Split(where, ","), "http")
		}
	}
	return hidden
}

// connectAt connects to the inspector at an address if it is the candidate's.
func (c *candidate) connectAt(ctx context.Context, address string) (*Process, error) {
	targets, err := inspector.Targets(ctx, address, c.dial)
	if err != nil {
		return nil, err
	}
	for _, t := range targets {
		if t.WebSocketURL == "" {
			continue
		}
		p, err := connect(ctx, t.WebSocketURL, c.dial)
		if err != nil {
			return nil, err
		}
		if p.info.PID == c.inside {
			p.pid, p.dial, p.targetID = c.pid, c.dial, t.ID
			p.info.complete(c.args, "")
			p.info.PID = c.pid // in a container it calls itself otherwise
			return p, nil
		}
		_ = p.disconnect()
	}
	return nil, fmt.Errorf("%w at %s for process %d", ErrNoInspector, address, c.pid)
}
