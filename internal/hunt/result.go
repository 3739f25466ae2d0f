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
	Start   Memory   `json:"start"` // before the first round
	Rounds  []Round  `json:"rounds"`
	Rates   Rates    `json:"rates"`
	Again   *Rates   `json:"again,omitempty"` // the same after the snapshots, when nothing was named
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
	// Attached is the target that was attached to, "" when the program was started.
	Attached string `json:"attached,omitempty"`

	options []string // see [Plan.Options]
}

// at are the rounds of one stage.
func (r *Result) at(stage Stage) []Round {
	var rounds []Round
	for _, one := range r.Rounds {
		if one.Stage == stage {
			rounds = append(rounds, one)
		}
	}
	return rounds
}

// requests are those answered before each sample of a stage, counted from the
// first.
func (r *Result) requests(stage Stage) []float64 {
	x, sum := []float64{0}, 0.0
	for _, one := range r.at(stage) {
		sum += float64(one.Requests)
		x = append(x, sum)
	}
	return x
}

// memory are the samples: that before the stage, then one of each round.
func (r *Result) memory(stage Stage) []Memory {
	samples := []Memory{r.Start}
	for _, one := range r.Rounds {
		switch {
		case one.Stage == stage:
			samples = append(samples, one.Memory)
		case len(samples) == 1:
			samples[0] = one.Memory
		}
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
