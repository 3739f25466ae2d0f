package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Command says how to start a program.
type Command struct {
	Args   []string // node and its arguments, or a wrapper: npm, npx, yarn, pnpm, sh, any command
	Dir    string   // "" for the current directory
	Env    []string // nil for ours
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer // without what the inspector says there
}

const (
	// A blocked start (a machine under load, a slow disk) still takes less.
	directTimeout = 30 * time.Second
	// npx may have to download the program first.
	wrapperTimeout = 5 * time.Minute
)

// ourFlags open the inspector at a free port of this machine. Only whoever
// reads the standard error learns the secret part of its URL.
var ourFlags = []string{"--inspect=127.0.0.1:0", "--inspect-publish-uid=stderr"}

func withoutOurFlags(args []string) []string {
	return slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return slices.Contains(ourFlags, arg) })
}

// Start starts a program and connects to it. ctx is for the start alone: the
// program goes on until it ends or is stopped. It has its own process group.
func Start(ctx context.Context, cmd Command) (*Process, error) {
	if len(cmd.Args) == 0 {
		return nil, errors.New("start program: no command")
	}
	op := "start " + cmd.Args[0]
	program, err := exec.LookPath(cmd.Args[0])
	if err != nil {
		return nil, missing(op, cmd.Args[0], err)
	}
	start, timeout := startWrapper, wrapperTimeout
	switch runtimeOf(program) {
	case "node":
		start, timeout = startNode, directTimeout
		if err := checkScript(op, cmd); err != nil {
			return nil, err
		}
	case "deno":
		start, timeout = startDeno, directTimeout
	case "bun":
		return nil, &Error{op, errBun, "run the program with node"}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	p, err := start(ctx, op, program, cmd)
	if err != nil {
		return nil, err
	}
	return p, nil
}

var nodeName = regexp.MustCompile(`^(node|nodejs)(-?v?\d[\d.]*)?(\.exe)?$`)

// runtimeOf tells a JavaScript runtime by the name of its binary, "" for
// another program.
func runtimeOf(path string) string {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	return runtimeName(filepath.Base(path))
}

func runtimeName(name string) string {
	switch {
	case nodeName.MatchString(name):
		return "node"
	case name == "deno" || name == "deno.exe":
		return "deno"
	case name == "bun" || name == "bun.exe" || name == "bunx" || name == "bunx.exe":
		return "bun"
	default:
		return ""
	}
}

var errBun = fmt.Errorf("%w: the engine of Bun is not V8", ErrUnsupported)

// checkScript finds a wrong path before Node.js does, whose complaint is long.
func checkScript(op string, cmd Command) error {
	if len(cmd.Args) < 2 || strings.HasPrefix(cmd.Args[1], "-") || cmd.Args[1] == "inspect" {
		return nil
	}
	path := cmd.Args[1]
	if !filepath.IsAbs(path) {
		path = filepath.Join(cmd.Dir, path)
	}
	for _, candidate := range []string{path, path + ".js", path + ".json", path + ".node"} {
		if _, err := os.Stat(candidate); err == nil {
			return nil
		}
	}
	return &Error{op, fmt.Errorf("%s: %w", cmd.Args[1], os.ErrNotExist), "check the path of the script; it is relative to the current directory"}
}

// startNode passes our flags to node itself: they do not reach the processes
// that the program starts, as NODE_OPTIONS would.
func startNode(ctx context.Context, op, program string, cmd Command) (*Process, error) {
	return startDirect(ctx, op, program, cmd, slices.Concat(ourFlags, cmd.Args[1:]))
}

// startDeno passes the flag behind the subcommand, where Deno wants it. Deno
// cannot keep the secret part of the URL to itself.
func startDeno(ctx context.Context, op, program string, cmd Command) (*Process, error) {
	args := slices.Clone(cmd.Args[1:])
	at := 0
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		at = 1
	}
	return startDirect(ctx, op, program, cmd, slices.Insert(args, at, ourFlags[0]))
}

func startDirect(ctx context.Context, op, program string, cmd Command, args []string) (*Process, error) {
	c, err := startChild(program, args, cmd, nil)
	if err != nil {
		return nil, missing(op, cmd.Args[0], err)
	}
	return c.connect(ctx, op, c.stderr.url)
}

// connect waits for the inspector's URL and connects to it. A program that
// cannot be connected to is stopped.
func (c *child) connect(ctx context.Context, op string, url <-chan string) (*Process, error) {
	p, err := c.tryConnect(ctx, url)
	if err == nil {
		return p, nil
	}
	if exit := c.ended(); exit != nil && ctx.Err() == nil {
		return nil, &Error{op, fmt.Errorf("%w before it could be connected to: %w", ErrEnded, exit), exit.hint()}
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = c.stop(stopping)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, &Error{op, ErrNoInspector, "no Node.js program was started, or it does not answer"}
	}
	return nil, explain(op, err)
}

func (c *child) tryConnect(ctx context.Context, url <-chan string) (*Process, error) {
	select {
	case address := <-url:
		p, err := connect(ctx, address, nil)
		if err != nil {
			c.settle()
			return nil, err
		}
		p.child, p.pid = c, p.info.PID
		p.info.complete(c.args, c.cmd.Dir)
		if p.info.Runtime == "node" {
			// A program that forks itself hands process.execArgv down: not our flags.
			err = p.session.Evaluate(ctx, `void (process.execArgv = process.execArgv.filter((a) => !`+jsonText(ourFlags)+`.includes(a)))`, nil)
		}
		if err == nil {
			err = p.session.RunIfWaitingForDebugger(ctx)
		}
		if err != nil {
			_ = p.disconnect()
			c.settle()
			return nil, err
		}
		return p, nil
	case <-c.done:
		return nil, ErrEnded
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
