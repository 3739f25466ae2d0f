package load

import (
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// DefaultTimeout is how long a request may take when the plan does not say.
const DefaultTimeout = 30 * time.Second

// Plan says what to send. Requests or Duration must be set; with both, what is
// reached first ends the run.
type Plan struct {
	Targets []Target

	// Sequence lets every connection walk through all targets in order, again
	// and again, as one user would. Otherwise the connections share one round
	// over the targets, in order and by weight. A run may end in the middle of
	// a sequence: Requests is exact.
	Sequence bool

	Requests    int64         // stop after so many; 0 is no limit
	Duration    time.Duration // send for so long, then wait for what is under way; 0 is no limit
	Connections int           // at the same time; 0 is 1
	KeepAlive   bool          // send more than one request over a connection
	RPS         float64       // open loop: requests due per second, of all connections together; 0 is a closed loop
	Timeout     time.Duration // of one request, connecting included; 0 is DefaultTimeout

	Cookies     bool // keep the cookies of each connection and send them back
	Insecure    bool // accept any certificate
	IOwnTheHost bool // send to public addresses, too

	// Count is the number of requests sent before, and is raised with each
	// one: the value of {{n}}. Share it between runs to go on counting. Nil
	// counts from 1.
	Count *atomic.Int64

	// Progress is called when the first connections are open and about ten
	// times a second from then on, from one goroutine, and never after Run has
	// returned.
	Progress func(Progress)
}

// Target is one request. URL, the values of Header and Body may hold the
// placeholders
//
//	{{n}}       the number of the request: 1, 2, 3, ...
//	{{uuid}}    a random UUID
//	{{random}}  a random whole number of up to 53 bits
//
// which make requests unique. A placeholder has the same value everywhere in
// one request; {{uuid}} and {{random}} keep theirs through one pass of a
// sequence. The host has no placeholders.
type Target struct {
	Method string // "" is GET
	URL    string // http or https
	Header http.Header
	Body   []byte
	Weight int // share of the requests; 0 is 1; unused in a sequence
}

// Progress is how far a run has come.
type Progress struct {
	Sent    int64         // requests
	Total   int64         // Plan.Requests
	Elapsed time.Duration // since the run began
}

// complete checks p and fills in what it leaves to defaults.
func (p Plan) complete() (Plan, error) {
	switch {
	case len(p.Targets) == 0:
		return p, errors.New("no target")
	case p.Requests < 0 || p.Duration < 0 || p.Connections < 0 || p.RPS < 0 || p.Timeout < 0:
		return p, errors.New("a negative number in the plan")
	case p.Requests == 0 && p.Duration == 0:
		return p, errors.New("neither a number of requests nor a duration")
	}
	if p.Connections == 0 {
		p.Connections = 1
	}
	if p.Requests > 0 {
		p.Connections = int(min(int64(p.Connections), p.Requests))
	}
	if p.Timeout == 0 {
		p.Timeout = DefaultTimeout
	}
	if p.Count == nil {
		p.Count = new(atomic.Int64)
	}
	for _, t := range p.Targets {
		if t.Weight < 0 || t.Weight > maxWeight {
			return p, fmt.Errorf("weight %d of %s is not in 1 to %d", t.Weight, t.URL, maxWeight)
		}
	}
	return p, nil
}
