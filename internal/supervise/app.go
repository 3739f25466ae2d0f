package supervise

import (
	"fmt"
	"os/exec"
	"syscall"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// App is a program and the rules by which it is kept up.
type App struct {
	Name string
	Args []string // the command
	Dir  string   // "" for the current one
	Env  []string // nil for ours
	// InstanceEnv is more of it for each instance; nil for NODE_APP_INSTANCE with
	// its number.
	InstanceEnv func(instance int) []string
	User        *tree.User // nil for ours

	Held      bool // start it only when somebody asks for it
	Instances int
	// Overlap has the next life ready before the last one leaves, and the
	// instances share the ports on which they listen. Node.js only.
	Overlap bool

	Restart Policy
	Memory  Memory
	Stop    Stop
	Ready   Ready
	Health  Health
	Cron    string // when to restart, as "0 3 * * *"; "" for never
	Watch   Watch
}

// Memory is what an app may take.
type Memory struct {
	RSS      Limit // of a life: the process and all that it has started
	Heap     Limit // what objects of the main thread take of V8's heap
	Interval time.Duration
	Samples  int // in a row, above the limit, before it counts
}

// Stop is how a life is ended.
type Stop struct {
	Signal  syscall.Signal
	Message bool          // say "shutdown" on the channel of Node.js first, as PM2 does
	Drain   time.Duration // for open connections to end, where instances overlap
	Timeout time.Duration // from the signal to SIGKILL
}

// Ready is how one knows that a life can do its work.
type Ready struct {
	Message bool // process.send('ready')
	URL     string
	Timeout time.Duration
}

// Health is a URL that answers as long as all is well.
type Health struct {
	URL      string // "" for none
	Interval time.Duration
	Timeout  time.Duration
	Failures int // in a row, before the life is ended
}

// Watch restarts an app when its files change.
type Watch struct {
	Paths  []string // files and folders, with all below them
	Ignore []string // patterns as of path.Match, of a name or a path below the app's folder
	// Quiet is how long the files must stay as they are: an editor or a compiler
	// writes several.
	Quiet time.Duration
}

// Defaults are the rules of an app that has none of its own.
func Defaults() App {
	return App{
		Instances: 1,
		Restart: Policy{
			When: OnFailure, MinUptime: time.Second, MaxRestarts: 10, Backoff: 100 * time.Millisecond,
		},
		Memory: Memory{Interval: time.Second, Samples: 3},
		Stop:   Stop{Signal: syscall.SIGTERM, Drain: 10 * time.Second, Timeout: 5 * time.Second},
		Ready:  Ready{Timeout: 30 * time.Second},
		Health: Health{Interval: 10 * time.Second, Timeout: 5 * time.Second, Failures: 3},
		Watch:  Watch{Quiet: 200 * time.Millisecond},
	}
}

// Error is a failure of this package with what can be done about it.
type Error struct {
	Op   string
	Err  error
	Hint string
}

func (e *Error) Error() string { return e.Op + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Check finds what is wrong with an app before it is started.
func (a *App) Check() error {
	bad := func(hint, format string, args ...any) error {
		return &Error{"run " + a.Name, fmt.Errorf(format, args...), hint}
	}
	switch {
	case len(a.Args) == 0:
		return bad("give a command, as node app.js", "no command")
	case a.Instances < 1:
		return bad("1 is the least", "%d instances", a.Instances)
	case a.Memory.Interval <= 0 || a.Memory.Samples < 1:
		return bad("1s and 3 are usual", "memory is read every %s, and %d samples count", a.Memory.Interval, a.Memory.Samples)
	}
	// What is not there is said by the start, with more about it.
	if _, err := exec.LookPath(a.Args[0]); err == nil && a.wantsNode() != "" && node.Runtime(a.Args[0]) != "node" {
		return bad("give node itself as the command, as node app.js; behind npm or a shell it cannot be reached",
			"%s needs a program that runs on Node.js, and %s is none", a.wantsNode(), a.Args[0])
	}
	if _, err := a.schedule(); err != nil {
		return bad(`five fields, as "0 3 * * *" for each night at three`, "cron %q: %w", a.Cron, err)
	}
	if err := checkURL(a.Name, a.Health.URL); err != nil {
		return err
	}
	return checkURL(a.Name, a.Ready.URL)
}

// wantsNode names what the app asks for that only Node.js has, "" for nothing.
func (a *App) wantsNode() string {
	switch {
	case a.Overlap:
		return "to overlap"
	case a.Ready.Message:
		return "to wait for process.send('ready')"
	case a.Stop.Message:
		return "the message 'shutdown'"
	default:
		return ""
	}
}
