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
	"syscall"
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
	// Terminal has the standard error be a terminal for the program, of the size of
	// this one; nil for a pipe. What comes is written to Stderr all the same.
	Terminal *os.File

	Bare  bool                 // start it as it is: it cannot be connected to
	Files []*os.File           // open in the program, from descriptor 3 on
	Attr  *syscall.SysProcAttr // nil for a process group of its own
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
	cmd.Bare = false
	c, err := Launch(cmd)
	if err != nil {
		return nil, err
	}
	p, err := c.Connect(ctx)
	if err != nil && c.ended() == nil {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = c.stop(stopping)
	}
	return p, err
}

// Launch starts a program and returns at once. Unless it is bare, it can be
// connected to.
func Launch(cmd Command) (*Child, error) {
	if len(cmd.Args) == 0 {
		return nil, errors.New("start program: no command")
	}
	op := "start " + cmd.Args[0]
	program, err := lookPath(cmd)
	if err != nil {
		return nil, missing(op, cmd.Args[0], err)
	}
	runtime := runtimeOf(program)
	if runtime == "node" {
		if err := checkScript(op, cmd); err != nil {
			return nil, err
		}
	}
	var c *Child
	switch {
	case cmd.Bare:
		c, err = startChild(program, cmd.Args[1:], cmd, nil)
	case runtime == "bun":
		return nil, &Error{op, errBun, "run the program with node"}
	case runtime == "node":
		// To node itself: so the flags do not reach the processes that the
		// program starts, as NODE_OPTIONS would.
		c, err = startChild(program, slices.Concat(ourFlags, cmd.Args[1:]), cmd, nil)
	case runtime == "deno":
		c, err = startChild(program, denoArgs(cmd.Args[1:]), cmd, nil)
	default:
		return startWrapper(op, program, cmd)
	}
	if err != nil {
		return nil, missing(op, cmd.Args[0], err)
	}
	return c, nil
}

// lookPath finds the program on the PATH that it will have, and a relative path
// in the directory where it will be.
func lookPath(cmd Command) (string, error) {
	name := cmd.Args[0]
	if cmd.Dir != "" && strings.ContainsRune(name, filepath.Separator) && !filepath.IsAbs(name) {
		var err error
		if name, err = filepath.Abs(filepath.Join(cmd.Dir, name)); err != nil {
			return "", err
		}
	}
	return exec.LookPath(name)
}

// Runtime tells by its name what a program runs on: "node", "deno", "bun", or ""
// for another program, one that is not there, and a wrapper such as npm.
func Runtime(program string) string {
	path, err := exec.LookPath(program)
	if err != nil {
		return ""
	}
	return runtimeOf(path)
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

// denoArgs has the flag behind the subcommand, where Deno wants it. Deno cannot
// keep the secret part of the URL to itself.
func denoArgs(args []string) []string {
	at := 0
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		at = 1
	}
	return slices.Insert(slices.Clone(args), at, ourFlags[0])
}

// Connect waits for the program's inspector and connects to it; once only.
func (c *Child) Connect(ctx context.Context) (*Process, error) {
	timeout, url := directTimeout, c.stderr.url
	if c.agent != nil {
		timeout, url = wrapperTimeout, c.agent.url
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return c.connect(ctx, "start "+c.args[0], url)
}

func (c *Child) connect(ctx context.Context, op string, url <-chan string) (*Process, error) {
	p, err := c.tryConnect(ctx, url)
	if err == nil {
		return p, nil
	}
	if exit := c.ended(); exit != nil && ctx.Err() == nil {
		return nil, &Error{op, fmt.Errorf("%w before it could be connected to: %w", ErrEnded, exit), exit.hint()}
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, &Error{op, ErrNoInspector, "no Node.js program was started, or it does not answer"}
	}
	return nil, explain(op, err)
}

func (c *Child) tryConnect(ctx context.Context, url <-chan string) (*Process, error) {
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
