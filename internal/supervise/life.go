package supervise

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/supervise/cluster"
	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// life is one process of an instance.
type life struct {
	child   *node.Child
	worker  *cluster.Worker // its channel, nil for none
	mark    string          // in the environment of all that it starts
	started time.Time
	kills   uint64 // node.OOMKills at its start
	outputs []io.Writer

	ctx    context.Context // ends with the life
	cancel context.CancelFunc
	helper sync.WaitGroup

	readiness chan error  // gets nil when it is ready, or why it is not
	verdicts  chan Reason // of those who watch it
	warn      func(text string)
	heap      atomic.Uint64 // bytes, when it is watched
	paused    atomic.Int32  // its limits do not count
	listening chan struct{}
	saidReady chan struct{}
	drained   chan struct{}

	// Of the instance's goroutine; the status copies them.
	ready  bool
	told   bool      // it knows already that it is to end
	rss    uint64    // bytes
	limit  uint64    // bytes, 0 for none
	above  int       // samples in a row above the limit
	since  time.Time // when the first of them was taken
	blind  bool      // it was said that memory cannot be read
	kin    kin
	series series
}

func (l *life) pid() int { return l.child.PID() }

// notInherited are variables of ours that are not for the program: our channel, if
// we are ourselves a child of Node.js, and systemd's for us.
var notInherited = []string{
	"NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE", "NODE_UNIQUE_ID", "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC",
}

// The variables that mark what a life has started, and what any life of this
// supervisor has.
const (
	lifeMark = "PLUMB_LIFE"
	runMark  = "PLUMB_RUN"
)

func (i *instance) environ(mark string) []string {
	env := i.app.Env
	if env == nil {
		env = os.Environ()
	}
	env = slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(notInherited, name)
	})
	if i.app.InstanceEnv != nil {
		env = append(env, i.app.InstanceEnv(i.number)...)
	} else {
		env = append(env, "NODE_APP_INSTANCE="+strconv.Itoa(i.number))
	}
	return append(env, mark, i.s.mark)
}

// launch starts the next life.
func (i *instance) launch(ctx context.Context) (*life, error) {
	l := &life{
		mark: lifeMark + "=" + rand.Text(), kills: node.OOMKills(),
		readiness: make(chan error, 1), verdicts: make(chan Reason, 1),
		listening: make(chan struct{}), saidReady: make(chan struct{}), drained: make(chan struct{}),
	}
	cmd := node.Command{
		Args: i.app.Args, Dir: i.app.Dir, Env: i.environ(l.mark), Bare: !i.connects(),
		Attr: tree.Attr(!i.s.opts.Foreground, i.app.User), Terminal: i.s.opts.Terminal,
	}
	cmd.Stdout, cmd.Stderr = i.s.opts.Output(i.app.Name, i.number)
	l.outputs = []io.Writer{cmd.Stdout, cmd.Stderr}
	if i.s.opts.Stdin != nil {
		cmd.Stdin = i.s.opts.Stdin
	}
	theirs, err := i.openChannel(l, &cmd)
	if err == nil {
		started := make(chan struct{})
		i.s.starts <- func() {
			if l.child, err = node.Launch(cmd); err == nil && i.s.guard != nil {
				_ = i.s.guard.Hold(i.target(l)) // one that was killed gets it when it is renewed
			}
			close(started)
		}
		<-started
	}
	if theirs != nil {
		_ = theirs.Close()
	}
	if err != nil {
		if l.worker != nil {
			l.worker.Close()
		}
		l.closeOutputs()
		return nil, err
	}
	l.started = time.Now()
	l.limit = i.app.Memory.RSS.Of(node.MemoryLimit(l.pid()))
	l.ctx, l.cancel = context.WithCancel(context.WithoutCancel(ctx))
	i.tell(Event{Kind: KindStarted, PID: l.pid()})
	l.warn = func(text string) { i.tell(Event{Kind: KindWarning, PID: l.pid(), Text: text}) }
	if l.worker != nil {
		l.helper.Go(l.worker.Serve)
		l.helper.Go(func() { l.listen(&i.listens) })
	}
	l.helper.Go(func() { l.awaitReady(i) })
	if i.app.Health.URL != "" {
		l.helper.Go(func() { l.checkHealth(i.app.Health) })
	}
	if i.connects() {
		l.helper.Go(func() { i.connect(l) })
	}
	return l, nil
}

// target is the life for kill(2): its process group, or the process itself.
func (i *instance) target(l *life) int {
	if i.s.opts.Foreground {
		return l.pid()
	}
	return -l.pid()
}

// channelFD is the first descriptor behind the three standard ones.
const channelFD = 3

// openChannel adds to cmd what the program needs to talk to us; nil when it need
// not. The file is the program's end.
func (i *instance) openChannel(l *life, cmd *node.Command) (theirs *os.File, err error) {
	var env []string
	switch {
	case i.pool != nil:
		l.worker, theirs, env, err = i.pool.Worker(channelFD)
		if err == nil {
			var script string
			script, err = i.s.drainScript()
			cmd.Args = slices.Insert(slices.Clone(cmd.Args), 1, "--require", script)
		}
	case i.app.Ready.Message || i.app.Stop.Message:
		l.worker, theirs, env, err = cluster.NewWorker(channelFD)
	}
	if theirs != nil {
		cmd.Files = []*os.File{theirs}
		cmd.Env = append(cmd.Env, env...)
	}
	return theirs, err
}

// drainScript is the path of the script that drains a process. It is written
// again each time: whoever cleans temporary directories may have found it.
func (s *Supervisor) drainScript() (string, error) {
	s.scriptsMu.Lock()
	defer s.scriptsMu.Unlock()
	if _, err := os.Stat(s.scripts); s.scripts == "" || err != nil {
		if s.scripts, err = os.MkdirTemp("", "plumb-run-"); err != nil {
			return "", fmt.Errorf("write drain script: %w", err)
		}
		if err = os.Chmod(s.scripts, 0o755); err != nil { // an app may be another user's
			return "", fmt.Errorf("write drain script: %w", err)
		}
	}
	path := filepath.Join(s.scripts, "drain.cjs")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := os.WriteFile(path, cluster.DrainScript, 0o644); err != nil {
		return "", fmt.Errorf("write drain script: %w", err)
	}
	return path, nil
}

func (s *Supervisor) removeScripts() {
	if s.scripts != "" {
		_ = os.RemoveAll(s.scripts)
	}
}

// listen takes what the program says on its channel; listens is set when it is a
// server.
func (l *life) listen(listens *atomic.Bool) {
	for e := range l.worker.Events {
		switch e {
		case cluster.Listening:
			listens.Store(true)
			closeOnce(l.listening)
		case cluster.Ready:
			closeOnce(l.saidReady)
		case cluster.Drained:
			closeOnce(l.drained)
		}
	}
}

// closeOnce closes a channel that only its caller closes.
func closeOnce(c chan struct{}) {
	select {
	case <-c:
	default:
		close(c)
	}
}

func (l *life) closeOutputs() {
	for _, w := range l.outputs {
		if _, file := w.(*os.File); file {
			continue
		}
		if c, ok := w.(io.Closer); ok {
			_ = c.Close()
		}
	}
}

// hintOf finds the hint in an error of node's.
func hintOf(err error) string {
	var e *node.Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return ""
}
