package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/process"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// Running is a JavaScript program that runs on this machine. What could not be
// found out, most often because it belongs to another user, is empty.
type Running struct {
	Info
	User      string         `json:"user"`
	Started   time.Time      `json:"started"`
	RSS       uint64         `json:"rss"`            // bytes
	Inspector InspectorState `json:"inspector"`      // of the main thread
	Heap      *Memory        `json:"heap,omitempty"` // asked only where an inspector is open anyway
}

// InspectorState says whether a program can be inspected, and how.
type InspectorState string

// The states.
const (
	InspectorClosed      InspectorState = "closed"      // it can be opened
	InspectorOpen        InspectorState = "open"        // anyone on this machine can connect
	InspectorInUse       InspectorState = "in use"      // open, and somebody is connected
	InspectorSecret      InspectorState = "secret"      // open, but its address is not published
	InspectorUnsupported InspectorState = "unsupported" // Bun, or it was told not to open one
	InspectorUnknown     InspectorState = "unknown"     // another user's
)

// List finds the programs that run on Node.js, Deno and Bun, by process id. It
// opens nothing and sends no signal, and leaves those alone to which a debugger is
// connected: when we disconnect, V8 numbers its objects anew, and snapshots taken
// before and after cannot be compared.
func List(ctx context.Context) ([]Running, error) {
	list, err := Find(ctx)
	versions := map[string]string{}
	for i := range list {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("list processes: %w", ctx.Err())
		}
		list[i].ask(ctx, versions)
	}
	return list, err
}

// Find is List without what has to be asked for: the version, the state of the
// inspector and the heap are missing.
func Find(ctx context.Context) ([]Running, error) {
	processes, err := process.ProcessesWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	var list []Running
	for _, p := range processes {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("list processes: %w", ctx.Err())
		}
		if r, ok := describe(ctx, p); ok {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b Running) int { return cmp.Compare(a.PID, b.PID) })
	return list, nil
}

// describe tells what the system knows of a process; false for one that is no
// JavaScript program, or has ended.
func describe(ctx context.Context, p *process.Process) (Running, bool) {
	exe, err := p.ExeWithContext(ctx)
	if err != nil || exe == "" {
		if exe, err = p.NameWithContext(ctx); err != nil { // another user's
			return Running{}, false
		}
	}
	exe = strings.TrimSuffix(exe, " (deleted)")
	r := Running{Info: Info{PID: int(p.Pid), Runtime: runtimeName(filepath.Base(exe)), ExecPath: exe}}
	if r.Runtime == "" {
		return Running{}, false
	}
	// Each of these may fail for itself.
	r.CommandLine, _ = p.CmdlineSliceWithContext(ctx)
	r.CommandLine = withoutOurFlags(r.CommandLine)
	r.Dir, _ = p.CwdWithContext(ctx)
	r.User, _ = p.UsernameWithContext(ctx)
	r.Script = scriptOf(r.CommandLine, r.Dir)
	if ms, err := p.CreateTimeWithContext(ctx); err == nil {
		r.Started = time.UnixMilli(ms).UTC()
	}
	if m, err := p.MemoryInfoWithContext(ctx); err == nil {
		r.RSS = m.RSS
	}
	ended := len(r.CommandLine) == 0 && r.RSS == 0 // its parent has not asked for it yet
	return r, !ended
}

// ask finds out the rest: from the inspector where one is open.
func (r *Running) ask(ctx context.Context, versions map[string]string) {
	c, err := examine(r.PID)
	switch {
	case errors.Is(err, ErrUnsupported):
		r.Inspector = InspectorUnsupported
		return
	case err != nil:
		r.Inspector = InspectorUnknown
		return
	}
	version, known := versions[c.exe]
	if !known {
		version = versionIn(c.exePath())
		versions[c.exe] = version
	}
	r.NodeVersion = version
	if c.enter() != nil {
		r.Inspector = InspectorUnknown
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r.Inspector = c.inspectorState(ctx)
	if r.Inspector != InspectorOpen {
		return
	}
	p, err := c.openInspector(ctx)
	if err != nil || p == nil {
		return
	}
	defer func() { _ = p.Release(context.WithoutCancel(ctx)) }()
	r.V8Version = p.info.V8Version
	if m, err := p.Memory(ctx); err == nil {
		r.Heap = &m
	}
}

// inspectorState asks the ports that may be an inspector's.
func (c *candidate) inspectorState(ctx context.Context) InspectorState {
	for _, address := range c.inspectorSockets() {
		if !c.mayBeInspector(address) {
			continue
		}
		if c.unpublished() {
			return InspectorSecret
		}
		if c.inUse(ctx, portOf(address)) {
			return InspectorInUse
		}
		if _, err := inspector.Targets(ctx, address, c.dial); err == nil {
			return InspectorOpen
		}
	}
	if !c.signal {
		return InspectorUnsupported
	}
	return InspectorClosed
}

// scriptOf is the script on a command line: the first word behind the options
// of node. An option's value in a word of its own may be taken for it.
func scriptOf(args []string, dir string) string {
	for i := 1; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "-e" || arg == "--eval" || arg == "-p" || arg == "--print":
			return "[eval]"
		case arg == "-r" || arg == "--require" || arg == "--import" || arg == "-C" || arg == "--conditions":
			i++
		case i == 1 && (arg == "run" || arg == "inspect" || arg == "serve"): // deno run, node inspect
		case strings.HasPrefix(arg, "-"):
		case filepath.IsAbs(arg) || dir == "":
			return arg
		default:
			return filepath.Join(dir, arg)
		}
	}
	return ""
}
