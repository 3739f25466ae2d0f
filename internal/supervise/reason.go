package supervise

import (
	"strings"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

// Reason is why a life ended.
type Reason string

// The reasons.
const (
	Exited      Reason = "exit"          // by itself, with an exit code
	Signalled   Reason = "signal"        // somebody sent it one
	HeapOOM     Reason = "heap-oom"      // V8 ran out of heap
	KernelOOM   Reason = "oom-kill"      // the kernel killed it for want of memory
	MemoryLimit Reason = "memory-limit"  // we ended it: too much memory
	HeapLimit   Reason = "heap-limit"    // we ended it: too much in its heap
	Unhealthy   Reason = "health-check"  // we ended it: it does not answer
	Cron        Reason = "cron"          // we ended it: it was time
	Changed     Reason = "files-changed" // we ended it: there is a new version
	Restarted   Reason = "restart"       // we ended it: somebody asked for it
	Stopped     Reason = "stop"          // we ended it for good
	NotReady    Reason = "not-ready"     // we ended it: it was not ready in time
	NotStarted  Reason = "not-started"   // there was no process at all
)

// asked tells whether somebody wanted this end and the next life.
func (r Reason) asked() bool { return r == Restarted || r == Cron || r == Changed }

// planned tells whether we ended the life ourselves.
func (r Reason) planned() bool {
	switch r {
	case MemoryLimit, HeapLimit, Unhealthy, NotReady, Stopped:
		return true
	default:
		return r.asked()
	}
}

// Ended says how a life ended.
type Ended struct {
	Reason Reason        `json:"reason"`
	Code   int           `json:"code"`             // -1 when a signal ended it
	Signal string        `json:"signal,omitempty"` // the name of the signal
	Said   string        `json:"said,omitempty"`   // the line on its standard error that says most about why
	Hint   string        `json:"hint,omitempty"`
	PID    int           `json:"pid"`
	Time   time.Time     `json:"time"`
	Uptime time.Duration `json:"uptimeNs"`
	RSS    uint64        `json:"rss"` // the last that was seen, bytes
	// Useful is how long it was what it should be: until its memory was above
	// the limit, where that was its end.
	Useful time.Duration `json:"-"`
	First  bool          `json:"-"` // it was the first life of its instance
}

// ExitCode is what a shell makes of it: 128 and the signal's number for one that
// a signal ended.
func (e Ended) ExitCode() int {
	if e.Signal != "" {
		return 128 + SignalNumber(e.Signal)
	}
	return e.Code
}

// reasonOf tells why a process ended that we did not end. oomKills is how many
// the kernel has killed meanwhile, on this machine or in our cgroup.
func reasonOf(e node.Exit, oomKills uint64) Reason {
	fatal := strings.Contains(e.Fatal, "out of memory") || strings.Contains(e.Fatal, "Allocation failed")
	switch {
	case fatal && (e.Signal == "SIGABRT" || e.Signal == "SIGTRAP" || e.Signal == "SIGILL" || e.Code == 134 || e.Code > 0):
		return HeapOOM
	case strings.Contains(e.Said, "ERR_WORKER_OUT_OF_MEMORY"):
		return HeapOOM
	case oomKills > 0 && (e.Signal == "SIGKILL" || e.Code == 137):
		return KernelOOM
	case e.Signal != "":
		return Signalled
	default:
		return Exited
	}
}

// hintFor says what to do about an end.
func hintFor(e node.Exit, r Reason) string {
	switch {
	case r == HeapOOM:
		return "find what grows: plumb hunt; a larger heap (node --max-old-space-size=MB) only buys time"
	case r == KernelOOM:
		return "set --max-memory below the limit of the machine or its cgroup, so that it ends in an orderly way"
	case strings.Contains(e.Said, "EADDRINUSE"):
		return "another program listens on that port: see plumb status, plumb ps or ss -ltnp"
	default:
		return ""
	}
}
