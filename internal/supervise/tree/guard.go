package tree

import (
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// Guard ends what it was told of when we are gone without a goodbye. It is a
// shell in a session of its own, which reads a pipe of ours: at its end it sends
// SIGTERM, waits, and sends SIGKILL.
type Guard struct {
	grace time.Duration

	mu    sync.Mutex
	cmd   *exec.Cmd
	pipe  io.WriteCloser
	holds map[int]bool
	ended chan struct{}
}

// guardScript takes lines "add N" and "del N", where N is what kill takes: a
// process id, or a process group as a negative number. $1 is the grace in tenths
// of a second.
const guardScript = `trap '' HUP INT TERM QUIT
all=
while read -r what pid; do
	case $what in
	add) all="$all $pid" ;;
	del)
		rest=
		for p in $all; do [ "$p" = "$pid" ] || rest="$rest $p"; done
		all=$rest
		;;
	bye) exit 0 ;;
	esac
done
for p in $all; do kill -TERM "$p"; done
n=0
while [ "$n" -lt "$1" ]; do
	alive=
	for p in $all; do if kill -0 "$p"; then alive=1; fi; done
	[ -n "$alive" ] || exit 0
	sleep 0.1
	n=$((n + 1))
done
for p in $all; do kill -KILL "$p"; done
`

// NewGuard starts a guard that leaves what it ends the time of grace.
func NewGuard(grace time.Duration) (*Guard, error) {
	g := &Guard{grace: grace, holds: map[int]bool{}}
	if err := g.start(); err != nil {
		return nil, fmt.Errorf("start guard: %w", err)
	}
	return g, nil
}

func (g *Guard) start() error {
	cmd := exec.Command("/bin/sh", "-c", guardScript, "plumb-guard", strconv.Itoa(int(g.grace/(100*time.Millisecond))))
	cmd.Env = []string{"PATH=/bin:/usr/bin"}
	cmd.Dir = "/"
	ownSession(cmd)
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	g.cmd, g.pipe, g.ended = cmd, pipe, ended
	for pid := range g.holds {
		_, _ = fmt.Fprintln(pipe, "add", pid)
	}
	return nil
}

// PID is the guard's own process id.
func (g *Guard) PID() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.cmd.Process.Pid
}

// Hold has a process ended with us; a negative number is a process group.
func (g *Guard) Hold(pid int) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.holds[pid] = true
	_, err := fmt.Fprintln(g.pipe, "add", pid)
	return err
}

// Renew starts a guard again that somebody has killed. Call it now and then.
func (g *Guard) Renew() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.ended:
		_ = g.pipe.Close()
		return g.start()
	default:
		return nil
	}
}

// Drop forgets a process.
func (g *Guard) Drop(pid int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.holds, pid)
	_, _ = fmt.Fprintln(g.pipe, "del", pid)
}

// Close sends the guard away.
func (g *Guard) Close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	_, _ = fmt.Fprintln(g.pipe, "bye")
	_ = g.pipe.Close()
	<-g.ended
}
