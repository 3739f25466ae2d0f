package hunt

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/plumb-dev/plumb/internal/leak"
)

// Comparison is whether a leak of an older hunt is fixed: by the rates of both,
// never by one snapshot.
type Comparison struct {
	Before    Rate     `json:"before"`
	After     Rate     `json:"after"`
	Reduction float64  `json:"reduction"` // of the rate: 1 is all of it
	Gone      []string `json:"gone"`      // fingerprints
	Still     []string `json:"still"`
	New       []string `json:"new"`
	Outcome   Outcome  `json:"outcome"`
	Reason    string   `json:"reason"`
}

// enoughReduction is how much of a rate must be gone for a fix.
const enoughReduction = 0.9

// ParseResult reads the JSON of an older hunt.
func ParseResult(data []byte) (*Result, error) {
	var r Result
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("read hunt: %w", err)
	}
	if r.Result == nil || len(r.Rounds) == 0 {
		return nil, errors.New("read hunt: it has no rounds")
	}
	if r.Verdict != leak.Leaking {
		return nil, fmt.Errorf("read hunt: its verdict is %q, so that there is nothing to fix", r.Verdict)
	}
	return &r, nil
}

// CompareWith compares the result with that of an older hunt that leaked.
func (r *Result) CompareWith(old *Result) {
	c := &Comparison{Before: old.Rates.Kept, After: r.Rates.Kept, Gone: []string{}, Still: []string{}, New: []string{}}
	now, before := leaking(r), leaking(old)
	for _, f := range old.Findings {
		switch {
		case f.Verdict != leak.Leaking:
		case now[f.Fingerprint]:
			c.Still = append(c.Still, f.Fingerprint)
		default:
			c.Gone = append(c.Gone, f.Fingerprint)
		}
	}
	for _, f := range r.Findings {
		if f.Verdict == leak.Leaking && !before[f.Fingerprint] {
			c.New = append(c.New, f.Fingerprint)
		}
	}
	if c.Before.PerRequest > 0 {
		c.Reduction = 1 - max(c.After.PerRequest, 0)/c.Before.PerRequest
	}
	c.Outcome, c.Reason = c.judge(r)
	r.Fixed = c
}

func leaking(r *Result) map[string]bool {
	set := map[string]bool{}
	for _, f := range r.Findings {
		if f.Verdict == leak.Leaking {
			set[f.Fingerprint] = true
		}
	}
	return set
}

func (c *Comparison) judge(r *Result) (Outcome, string) {
	rates := fmt.Sprintf("%s per request before, %s now", perRequest(c.Before.PerRequest), perRequest(c.After.PerRequest))
	switch {
	case len(c.Still) > 0:
		return Fail, "the leak is still there: " + rates
	case r.Verdict == leak.Leaking:
		return Fail, "the program leaks, if not where it did: " + rates
	case r.Verdict == leak.Undecided:
		return Unknown, "the new hunt is undecided: " + r.Reason
	case c.Before.Interval == nil || c.After.Interval == nil:
		return Unknown, "the rounds are too few to compare: " + rates
	case c.After.PerRequest >= c.Before.Interval[0]:
		return Unknown, "the two rates cannot be told apart: " + rates
	case len(c.Gone) > 0 && c.Reduction >= 0.5: // counts say so, and rates agree
		return Pass, rates
	case c.Reduction < enoughReduction:
		return Fail, fmt.Sprintf("%.0f %% of the growth is gone, and %.0f %% should be: %s", c.Reduction*100, enoughReduction*100, rates)
	case c.After.Interval[1] >= c.Before.Interval[0]:
		return Unknown, "the two rates cannot be told apart: " + rates
	default:
		return Pass, rates
	}
}
