package supervise

import (
	"slices"
	"time"
)

// When says after which ends an app is started again.
type When string

// The choices.
const (
	Always    When = "always"
	OnFailure When = "on-failure" // not after exit code 0
	Never     When = "never"
)

// Policy says whether and when an app is started again.
type Policy struct {
	When        When
	StopCodes   []int         // exit codes after which it is not
	MinUptime   time.Duration // a life below it is short
	MaxRestarts int           // short lives in a row before giving up; less than 0 for no end
	Delay       time.Duration // before every start again
	Backoff     time.Duration // before the first one, and twice as long each time; 0 for none
}

const (
	longestBackoff = 15 * time.Second // as in PM2
	// backoffReset is how long a life must last for the backoff to begin anew.
	backoffReset = 30 * time.Second
)

// verdict is what follows the end of a life.
type verdict int

const (
	again verdict = iota
	done          // the program has done its work, or must not be started again
	giveUp
)

// streak is what a policy remembers of the lives before.
type streak struct {
	short    int // in a row
	failures int // since a life that lasted
}

// next decides what follows, and how long to wait before it.
func (p Policy) next(s *streak, e Ended) (verdict, time.Duration) {
	switch {
	case e.Reason == Stopped:
		return done, 0
	case e.Reason == NotStarted && e.First:
		return giveUp, 0 // nothing that waiting would mend
	case e.Reason.asked():
		return again, 0
	case p.When == Never, slices.Contains(p.StopCodes, e.Code) && e.Reason == Exited,
		p.When == OnFailure && e.Reason == Exited && e.Code == 0:
		return done, 0
	}
	if e.Useful >= backoffReset {
		s.failures = 0
	}
	if e.Useful >= p.MinUptime {
		s.short = 0
	} else if s.short++; p.MaxRestarts >= 0 && s.short > p.MaxRestarts {
		return giveUp, 0
	}
	wait := p.Delay
	if p.Backoff > 0 && !e.Reason.planned() {
		wait = max(wait, min(p.Backoff<<min(s.failures, 16), longestBackoff))
		s.failures++
	}
	return again, wait
}
