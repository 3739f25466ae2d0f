package supervise

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/plumb-dev/plumb/internal/supervise/cluster"
	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// ErrInterrupted is the cause of a context's end when the terminal has told the
// program already, which is in our process group.
var ErrInterrupted = errors.New("interrupted at the terminal")

// Options are those of a supervisor.
type Options struct {
	Notify func(Event) // may be nil; is called by several goroutines
	// Output is where a life writes. A writer that is an io.Closer is closed at
	// the life's end, but no *os.File.
	Output func(app string, instance int) (stdout, stderr io.Writer)
	Stdin  *os.File // of the only instance, nil for none
	// Terminal has the standard error of the only instance be a terminal for it, as
	// large as this one; nil for none.
	Terminal *os.File
	// Connected is called with each life that could be connected to, in a goroutine
	// of its own, and returns at its end, when ctx does; the connection is closed
	// then. Without it, and without a limit for the heap, no inspector is opened.
	Connected func(ctx context.Context, c Connection)
	// Foreground keeps the only instance in our process group: it is what
	// Ctrl-C and Ctrl-Z at the terminal are for.
	Foreground bool
}

// Supervisor keeps apps up.
type Supervisor struct {
	opts      Options
	mark      string // in the environment of all that is started
	instances []*instance
	starts    chan func()
	guard     *tree.Guard
	hurry     chan struct{} // closed when nobody is to be waited for
	hurried   sync.Once

	scriptsMu sync.Mutex
	scripts   string // a directory of ours, "" when no app needs it
}

// New checks the apps. Their names must differ.
func New(apps []App, opts Options) (*Supervisor, error) {
	if opts.Notify == nil {
		opts.Notify = func(Event) {}
	}
	if opts.Output == nil {
		opts.Output = func(string, int) (io.Writer, io.Writer) { return nil, nil }
	}
	s := &Supervisor{opts: opts, mark: runMark + "=" + rand.Text(), starts: make(chan func()), hurry: make(chan struct{})}
	names := map[string]bool{}
	for _, app := range apps {
		if names[app.Name] {
			return nil, &Error{"run " + app.Name, errors.New("two apps have this name"), "give each its own"}
		}
		names[app.Name] = true
		if err := app.Check(); err != nil {
			return nil, err
		}
		var pool *cluster.Pool
		if app.Overlap {
			pool = cluster.NewPool()
		}
		for n := range app.Instances {
			s.instances = append(s.instances, newInstance(s, app, n, pool))
		}
	}
	return s, nil
}

// Run keeps the apps up until all of them are over: ended, stopped or given up.
// The end of ctx stops them. Nothing they have started is left when it returns.
func (s *Supervisor) Run(ctx context.Context) error {
	if err := tree.Adopt(); err != nil {
		return fmt.Errorf("adopt orphans: %w", err)
	}
	guard, err := tree.NewGuard(s.longestStop())
	if err != nil {
		s.warn("children may outlive plumb when it is killed: " + err.Error())
	} else {
		s.guard = guard
		defer guard.Close()
	}
	defer s.removeScripts()
	var helpers sync.WaitGroup
	helpers.Go(s.startAll)
	defer helpers.Wait()
	defer close(s.starts)
	over := make(chan struct{})
	helpers.Go(func() { s.reap(over) })
	defer close(over)

	rest := make(chan struct{})
	var lives, ends sync.WaitGroup
	for _, i := range s.instances {
		ends.Add(1)
		lives.Go(func() { i.keep(ctx, rest, &ends) })
	}
	ends.Wait()
	close(rest)
	lives.Wait()
	for _, i := range s.instances {
		if i.pool != nil {
			i.pool.Close()
		}
	}
	return nil
}

// Mark is in the environment of everything that the supervisor starts, as
// "NAME=value": by it [tree.Find] knows what has outlived it.
func (s *Supervisor) Mark() string { return s.mark }

// Hurry kills what is being stopped.
func (s *Supervisor) Hurry() { s.hurried.Do(func() { close(s.hurry) }) }

// Signal passes a signal on to the processes of all lives.
func (s *Supervisor) Signal(signal syscall.Signal) {
	for _, one := range s.Status() {
		if one.PID != 0 {
			tree.Signal([]int{one.PID}, signal)
		}
	}
}

// startAll runs what starts children. The thread that starts a child must live
// as long as the child, which is asked to end with it (prctl(2),
// PR_SET_PDEATHSIG): it is this one.
func (s *Supervisor) startAll() {
	runtime.LockOSThread()
	for start := range s.starts {
		start()
	}
}

func (s *Supervisor) reap(over <-chan struct{}) {
	var reaper tree.Reaper
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			reaper.Reap()
			if s.guard != nil {
				_ = s.guard.Renew() // the next second tries again
			}
		case <-over:
			return
		}
	}
}

// longestStop is the longest time that an app has to end.
func (s *Supervisor) longestStop() time.Duration {
	longest := time.Second
	for _, i := range s.instances {
		longest = max(longest, i.app.Stop.Timeout)
	}
	return longest
}

func (s *Supervisor) warn(text string) {
	s.opts.Notify(Event{Time: time.Now(), Kind: KindWarning, Text: text})
}

// Status tells how all instances are, in the apps' order.
func (s *Supervisor) Status() []Status {
	list := make([]Status, len(s.instances))
	for n, i := range s.instances {
		list[n] = i.status()
	}
	return list
}

// ErrNoApp says that there is no app of that name.
var ErrNoApp = errors.New("no such app")

// of are the instances of an app; all for "".
func (s *Supervisor) of(app string) ([]*instance, error) {
	list := slices.DeleteFunc(slices.Clone(s.instances), func(i *instance) bool { return app != "" && i.app.Name != app })
	if len(list) == 0 {
		return nil, fmt.Errorf("%s: %w", app, ErrNoApp)
	}
	return list, nil
}

// Restart ends the lives of an app ("" for all) and starts new ones; those that
// are over too. It returns when the new ones have been started.
func (s *Supervisor) Restart(ctx context.Context, app string) error {
	return s.each(ctx, app, request{reason: Restarted})
}

// Stop ends the lives of an app for good, until somebody restarts it.
func (s *Supervisor) Stop(ctx context.Context, app string) error {
	return s.each(ctx, app, request{reason: Stopped})
}

// each asks all instances of an app at once.
func (s *Supervisor) each(ctx context.Context, app string, r request) error {
	list, err := s.of(app)
	if err != nil {
		return err
	}
	failures := make([]error, len(list))
	var all sync.WaitGroup
	for n, i := range list {
		all.Go(func() { failures[n] = i.ask(ctx, r) })
	}
	all.Wait()
	return errors.Join(failures...)
}

// Reload restarts the instances of an app one after the other, and where they
// overlap without losing a request. It ends with the first that fails: that one
// stays as it was.
func (s *Supervisor) Reload(ctx context.Context, app string) error {
	list, err := s.of(app)
	if err != nil {
		return err
	}
	for _, i := range list {
		if err := i.ask(ctx, request{reason: Restarted, overlap: i.app.Overlap}); err != nil {
			return err
		}
	}
	return nil
}
