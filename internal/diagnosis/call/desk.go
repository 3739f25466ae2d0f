package call

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/plumb-dev/plumb/internal/diagnosis"
)

// pause is the least time between two diagnoses of a program: it stood still for the
// first.
const pause = time.Minute

// Desk takes calls for the programs of this plumb.
type Desk struct {
	token string

	mu       sync.Mutex
	programs []*Program // in the order in which they came
	at       *Program   // that is being diagnosed
}

// NewDesk makes a desk. Without a token nobody is let in.
func NewDesk(token string) *Desk { return &Desk{token: token} }

// Program is one that is watched.
type Program struct {
	// Calls are for the watch: see [diagnosis.Options].
	Calls <-chan diagnosis.Call

	app           string
	instance, pid int

	desk  *Desk
	made  func(*diagnosis.Finding)
	calls chan diagnosis.Call
	over  chan struct{}      // closed with the watch
	end   sync.Once          // closes it
	found *diagnosis.Finding // by its alarm; nil while it watches
	last  time.Time          // when a call had its finding
}

// Enter lets a program be called for, until [Program.Leave]. made is told of each
// finding that a call has made, before the caller is.
func (d *Desk) Enter(app string, instance, pid int, made func(*diagnosis.Finding)) *Program {
	p := &Program{app: app, instance: instance, pid: pid, desk: d, made: made, calls: make(chan diagnosis.Call), over: make(chan struct{})}
	p.Calls = p.calls
	d.mu.Lock()
	defer d.mu.Unlock()
	d.programs = append(d.programs, p)
	return p
}

// Found says that the watch is over, and what its alarm has found; before or after
// Leave, or not at all. Who calls from
// now on gets that: there is nothing any more that the program could be compared
// with.
func (p *Program) Found(f *diagnosis.Finding) {
	p.desk.mu.Lock()
	defer p.desk.mu.Unlock()
	p.found = f
	p.end.Do(func() { close(p.over) })
}

// Leave says that the program has ended.
func (p *Program) Leave() {
	p.desk.mu.Lock()
	defer p.desk.mu.Unlock()
	p.desk.programs = slices.DeleteFunc(p.desk.programs, func(other *Program) bool { return other == p })
	p.end.Do(func() { close(p.over) })
}

func (p *Program) String() string {
	return fmt.Sprintf("%s instance %d (pid %d)", p.app, p.instance, p.pid)
}

// take finds the program of a call, and has the desk busy with it until
// [Desk.release].
func (d *Desk) take(c Call) (*Program, *Refusal) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, refusal := d.find(c)
	switch {
	case refusal != nil:
		return nil, refusal
	case p.found != nil:
	case d.at != nil:
		return nil, refuse(http.StatusConflict, fmt.Sprintf("%s is being diagnosed", d.at), "its finding will be in /api/findings")
	case time.Since(p.last) < pause:
		return nil, refuse(
			http.StatusTooManyRequests, fmt.Sprintf("%s stood still for a diagnosis %s ago", p, time.Since(p.last).Round(time.Second)),
			"its finding is the newest in /api/findings",
		)
	default:
		d.at = p
	}
	return p, nil
}

// release ends what take began.
func (d *Desk) release(p *Program, f *diagnosis.Finding) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = nil
	if f != nil {
		p.last = time.Now()
	}
}

// find finds the program of a call. Of several instances of an app the one that came
// first is as good as any, and has the longest memory.
func (d *Desk) find(c Call) (*Program, *Refusal) {
	var fit []*Program
	for _, p := range d.programs {
		if (c.App == "" || c.App == p.app) && fits(c.Instance, p.instance) && fits(c.PID, p.pid) {
			fit = append(fit, p)
		}
	}
	switch {
	case len(d.programs) == 0:
		return nil, refuse(http.StatusNotFound, "no program is watched now", "it is from the start of the program on; an app that waits for its next start has none")
	case len(fit) == 0:
		return nil, refuse(http.StatusNotFound, "no such program is watched", "there are "+names(d.programs))
	case slices.ContainsFunc(fit, func(p *Program) bool { return p.app != fit[0].app }):
		return nil, refuse(http.StatusConflict, "several apps are meant", "name one with app=NAME: there are "+names(fit))
	default:
		return fit[0], nil
	}
}

// fits tells whether a number is the one that was asked for, "" for any.
func fits(asked string, is int) bool { return asked == "" || asked == strconv.Itoa(is) }

func names(list []*Program) string {
	const most = 10
	var words []string
	for i, p := range list {
		if i == most {
			words = append(words, fmt.Sprintf("%d more", len(list)-most))
			break
		}
		words = append(words, p.String())
	}
	return strings.Join(words, ", ")
}
