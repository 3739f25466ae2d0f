package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"
)

// Exit says how a child ended. It is the error of one that ended too early.
type Exit struct {
	Code   int    `json:"code"`   // -1 when a signal ended it
	Signal string `json:"signal"` // "" when it ended by itself
	Said   string `json:"said"`   // the line on its standard error that says most about why
	Fatal  string `json:"fatal"`  // what V8 says when it gives up: "... JavaScript heap out of memory"
}

// Error implements error.
func (e Exit) Error() string { return e.String() }

func (e Exit) String() string {
	if e.Signal != "" {
		return "ended by signal " + e.Signal
	}
	return fmt.Sprintf("exit code %d", e.Code)
}

// grace is how long a program may take to end after a polite signal.
const grace = 5 * time.Second

// lateOutput is how long output is read when the child has ended: a grandchild may
// hold it open.
const lateOutput = 500 * time.Millisecond

// Child is a process that we started.
type Child struct {
	cmd    *exec.Cmd
	args   []string // as they were given to us
	stderr *inspectorFilter
	agent  *agentListener // of a program behind a wrapper, else nil
	window *terminal      // where its standard error is one, else nil
	done   chan struct{}

	mu   sync.Mutex
	exit *Exit
}

func startChild(program string, args []string, cmd Command, agent *agentListener) (*Child, error) {
	c := &Child{args: cmd.Args, agent: agent, stderr: newInspectorFilter(cmd.Stderr), done: make(chan struct{})}
	c.stderr.off = cmd.Bare
	c.cmd = exec.Command(program, args...)
	c.cmd.Args[0] = cmd.Args[0]
	c.cmd.Dir = cmd.Dir
	c.cmd.Env = cmd.Env
	if c.cmd.Env == nil {
		c.cmd.Env = os.Environ()
	}
	if agent != nil {
		c.cmd.Env = append(c.cmd.Env, agent.nodeOptions(c.cmd.Env))
	}
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = cmd.Stdin, cmd.Stdout, c.stderr
	c.cmd.WaitDelay = lateOutput
	c.cmd.ExtraFiles = cmd.Files
	if c.cmd.SysProcAttr = cmd.Attr; cmd.Attr == nil {
		ownGroup(c.cmd)
	}
	if cmd.Terminal != nil {
		var err error
		if c.window, err = openTerminal(cmd.Terminal); err == nil { // else a pipe will do
			c.cmd.Stderr = c.window.theirs
		}
	}
	if err := c.cmd.Start(); err != nil {
		if c.window != nil {
			c.window.close()
		}
		return nil, err
	}
	if c.window != nil {
		c.window.serve(c.stderr, c.cmd.Process)
	}
	go c.wait()
	return c, nil
}

func (c *Child) wait() {
	_ = c.cmd.Wait() // what it says is in ProcessState too
	if c.window != nil {
		select {
		case <-c.window.copied:
		case <-time.After(lateOutput):
		}
		c.window.close()
		<-c.window.copied
	}
	c.stderr.flush()
	exit := &Exit{Code: -1}
	if state := c.cmd.ProcessState; state != nil {
		exit.Code, exit.Signal = state.ExitCode(), signalOf(state)
	}
	exit.Said, exit.Fatal = c.stderr.lastWords(), c.stderr.fatal()
	c.mu.Lock()
	c.exit = exit
	c.mu.Unlock()
	if c.agent != nil {
		c.agent.close()
	}
	close(c.done)
}

// PID is the child's process id.
func (c *Child) PID() int { return c.cmd.Process.Pid }

// Done is closed when the child has ended and its output is read.
func (c *Child) Done() <-chan struct{} { return c.done }

// Exit says how the child ended, nil as long as it runs.
func (c *Child) Exit() *Exit { return c.ended() }

func (c *Child) ended() *Exit {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.exit
}

// settle gives a child that is about to end the time for it, so that the
// reason of a failure is known.
func (c *Child) settle() {
	select {
	case <-c.done:
	case <-time.After(time.Second):
	}
}

// hint says what to do about a child that ended too early.
func (e Exit) hint() string {
	switch {
	case e.Said != "":
		return "it said: " + e.Said
	case e.Signal == "SIGSEGV":
		return "run it by itself to see why; Node.js 20 and 22 can crash when they end just as somebody connects"
	}
	return "run it by itself to see why"
}

// stop asks the child's process group to end, then kills it.
func (c *Child) stop(ctx context.Context) error {
	if c.ended() == nil {
		if err := signalGroup(c.cmd.Process, politely); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop process %d: %w", c.cmd.Process.Pid, err)
		}
		select {
		case <-c.done:
		case <-ctx.Done():
		case <-time.After(grace):
		}
	}
	// Also when the child has ended: its own children may have stayed.
	_ = signalGroup(c.cmd.Process, forcibly)
	<-c.done
	return nil
}

// jsonText is v in JSON, which is JavaScript too.
func jsonText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return string(text)
}
