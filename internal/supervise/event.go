package supervise

import "time"

// Kind is what has happened.
type Kind string

// The kinds.
const (
	KindStarted    Kind = "started"
	KindReady      Kind = "ready"
	KindStopping   Kind = "stopping" // Reason says why
	KindEnded      Kind = "ended"    // Ended says how
	KindRestarting Kind = "restarting"
	KindDone       Kind = "done"    // it is not started again
	KindGaveUp     Kind = "gave-up" // a crash loop
	KindWarning    Kind = "warning"
)

// Event is something that happened to an instance.
type Event struct {
	Time     time.Time     `json:"time"`
	App      string        `json:"app"`
	Instance int           `json:"instance"`
	PID      int           `json:"pid,omitempty"`
	Kind     Kind          `json:"event"`
	Reason   Reason        `json:"reason,omitempty"`
	Ended    *Ended        `json:"ended,omitempty"`
	Wait     time.Duration `json:"waitNs,omitempty"`
	Text     string        `json:"text,omitempty"` // of a warning
	Hint     string        `json:"hint,omitempty"`
}

// State is what an instance does.
type State string

// The states.
const (
	Starting  State = "starting"
	Running   State = "running" // and ready
	Stopping  State = "stopping"
	Waiting   State = "waiting" // to be started again
	Ending    State = "ended"   // by itself, and is not started again
	Halted    State = "stopped" // by somebody
	CrashLoop State = "crash loop"
)

// Over tells whether nothing happens any more by itself.
func (s State) Over() bool { return s == Ending || s == Halted || s == CrashLoop }

// Status is what is known of an instance.
type Status struct {
	App      string         `json:"app"`
	Instance int            `json:"instance"`
	State    State          `json:"state"`
	PID      int            `json:"pid,omitempty"`
	Since    time.Time      `json:"since"` // of the state
	Started  time.Time      `json:"started,omitzero"`
	Restarts int            `json:"restarts"`
	Reasons  map[Reason]int `json:"reasons,omitempty"` // of the ends so far
	RSS      uint64         `json:"rss"`               // bytes
	Limit    uint64         `json:"limit,omitempty"`   // bytes
	Heap     uint64         `json:"heap,omitempty"`
	// Growth is how fast the memory grows, in bytes per second, 0 when it does not.
	Growth float64 `json:"growth,omitempty"`
	// ToLimit is when the limit is reached if it goes on like this, in seconds.
	ToLimit float64  `json:"toLimit,omitempty"`
	Last    *Ended   `json:"last,omitempty"`
	Command []string `json:"command"`
}
