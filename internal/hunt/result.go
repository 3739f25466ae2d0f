package hunt

import (
	"github.com/plumb-dev/plumb/internal/leak"
)

// Result is what a hunt learnt: what the snapshots said, when there are any,
// and the rounds.
type Result struct {
	*leak.Result
	Reason      string   `json:"reason"` // why this verdict
	Interrupted bool     `json:"interrupted,omitempty"`
	Notes       []string `json:"notes,omitempty"`

	Program Program  `json:"program"`
	Warmup  Work     `json:"warmup"`
	Idle    []Memory `json:"idle"`
	Rounds  []Round  `json:"rounds"`
	Rates   Rates    `json:"rates"`
	// Allocated are the functions whose allocations of the last round are still
	// there; the largest first.
	Allocated []Site `json:"allocated,omitempty"`

	Files   []string `json:"files,omitempty"` // snapshots, in order
	Seconds float64  `json:"seconds"`

	Budget *Budget     `json:"budget,omitempty"`
	Fixed  *Comparison `json:"fixed,omitempty"`
}

// Program is what was hunted in.
type Program struct {
	PID     int      `json:"pid"`
	Runtime string   `json:"runtime"`
	Version string   `json:"version"`
	Command []string `json:"command"`
	Script  string   `json:"script"`
	URL     string   `json:"url,omitempty"`
}

// measured are the rounds that the rates come from.
func (r *Result) measured() []Round {
	var rounds []Round
	for _, one := range r.Rounds {
		if !one.Naming {
			rounds = append(rounds, one)
		}
	}
	return rounds
}

// requests are those answered before each sample, counted from the first.
func (r *Result) requests() []float64 {
	x, sum := []float64{0}, 0.0
	for _, one := range r.measured() {
		sum += float64(one.Requests)
		x = append(x, sum)
	}
	return x
}

// memory are the samples: that of the idle program, then one of each round.
func (r *Result) memory() []Memory {
	samples := []Memory{r.Idle[len(r.Idle)-1]}
	for _, one := range r.measured() {
		samples = append(samples, one.Memory)
	}
	return samples
}

// load is all that was sent in the rounds.
func (r *Result) load() Work {
	var sum Work
	for _, one := range r.Rounds {
		sum.add(one.Work)
	}
	return sum
}
