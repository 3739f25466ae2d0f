package hunt

import (
	"errors"
	"io"
	"regexp"
	"time"

	"github.com/plumb-dev/plumb/internal/load"
	"github.com/plumb-dev/plumb/internal/node"
)

// Plan says in which program to hunt, and how.
type Plan struct {
	Command node.Command // the program to start, when Attach is ""
	Attach  string       // a running one: a PID, ws://... or http://host:port
	Ready   Ready
	Drive   Drive

	Requests int // a round; 0 is what the program answers in two seconds, 100 to 1000
	Rounds   int // that are measured, without the naming rounds; 0 is 5
	Warmup   int // requests before; 0 is 500, or what is answered in five seconds; less than 0 is none

	// Dir is where snapshots, profiles and the program's output are written.
	Dir string
	// Names are what to look for in the snapshots beside what grows
	// ([leak.Options.Names]).
	Names func(files []string) []string
	// Source reads a source file by its path, for lines of declarations.
	Source func(path string) ([]byte, error)
	// Force captures although memory is short.
	Force bool
	// Output gets what a started program prints, too; nil for nobody.
	Output io.Writer
	// Options are the flags of the command line that asked for this plan, for the
	// advice on what to run next.
	Options []string
	// Progress is called from one goroutine at a time; nil for nobody.
	Progress func(Event)

	unit string // what is counted: requests, or rounds of a command that does not say
}

// Ready says when a program can be loaded. Without any condition it is when it
// listens on a port and answers there.
type Ready struct {
	URL     string         // is answered, whatever the status
	Line    *regexp.Regexp // is printed; of a started program only
	Delay   time.Duration  // has passed
	Timeout time.Duration  // to give up after; 0 is a minute
}

// Drive says what makes the program work. With neither Script nor Command it
// is requests to URLs.
type Drive struct {
	URLs        []string // in turns; none is path / of the port that the program listens on
	Method      string   // "" is GET
	Header      map[string][]string
	Body        []byte
	Connections int // 0 is 10
	Script      []byte
	// Command is run by the shell once a round, with PLUMB_URL, PLUMB_PID,
	// PLUMB_ROUND and PLUMB_REQUESTS in its environment.
	Command     string
	IOwnTheHost bool // lets load reach public addresses
}

// Event tells how far a hunt has come.
type Event struct {
	Phase string // "warm up", "round 2/5", ...
	// Done of Total, while the phase goes on; Total is 0 when unknown.
	Done, Total int64
	// Outcome ends the phase: one line.
	Outcome string
}

const (
	defaultRounds      = 5
	leastRounds        = 4 // fewer give no interval
	defaultWarmup      = 500
	longestWarmup      = 5 * time.Second
	defaultConnections = 10
	idleRounds         = 3
	readyTimeout       = time.Minute
)

// complete checks p and fills in its defaults.
func (p Plan) complete() (Plan, error) {
	if p.Rounds == 0 {
		p.Rounds = defaultRounds
	}
	if p.Ready.Timeout == 0 {
		p.Ready.Timeout = readyTimeout
	}
	if p.Drive.Connections == 0 {
		p.Drive.Connections = defaultConnections
	}
	p.unit = "request"
	if p.Drive.Command != "" && p.Requests == 0 {
		p.Requests, p.unit = 1, "round"
	}
	if p.Progress == nil {
		p.Progress = func(Event) {}
	}
	switch {
	case p.Rounds < leastRounds:
		return p, errors.New("fewer than 4 rounds prove nothing")
	case p.Drive.Command != "" && p.Drive.Script != nil:
		return p, errors.New("either a command or a script makes the requests")
	case p.Attach != "" && p.Ready.Line != nil:
		return p, errors.New("the lines of a program that already runs cannot be read")
	}
	return p, nil
}

// Work is what a driver did.
type Work struct {
	Requests int64             `json:"requests"`       // that were answered
	Unit     string            `json:"unit,omitempty"` // "round" when their number is not known
	Seconds  float64           `json:"seconds"`
	Statuses map[int]int64     `json:"statuses,omitempty"`
	Errors   []load.ErrorCount `json:"errors,omitempty"`
}

// add counts more work of the same kind.
func (w *Work) add(more Work) {
	w.Requests, w.Unit = w.Requests+more.Requests, more.Unit
	w.Seconds += more.Seconds
	for code, n := range more.Statuses {
		if w.Statuses == nil {
			w.Statuses = map[int]int64{}
		}
		w.Statuses[code] += n
	}
	for _, e := range more.Errors {
		w.addError(e)
	}
}

func (w *Work) addError(e load.ErrorCount) {
	for i := range w.Errors {
		if w.Errors[i].Kind == e.Kind {
			w.Errors[i].Count += e.Count
			return
		}
	}
	w.Errors = append(w.Errors, e)
}

// refused says whether the program answered nothing but errors, and which.
func (w *Work) refused() (status int, all bool) {
	for code, n := range w.Statuses {
		if code < 400 && n > 0 {
			return 0, false
		}
		if status == 0 || n > w.Statuses[status] {
			status = code
		}
	}
	return status, status != 0
}
