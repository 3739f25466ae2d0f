package hunt

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Budget is how much memory a request may leave behind, and whether it kept to
// that.
type Budget struct {
	PerRequest float64 `json:"perRequest"` // bytes
	Outcome    Outcome `json:"outcome"`
}

// Outcome is whether a demand on a hunt was met.
type Outcome string

// The outcomes.
const (
	Pass    Outcome = "pass"
	Fail    Outcome = "fail"
	Unknown Outcome = "unknown" // the rates are not sure enough
)

var budgetText = regexp.MustCompile(`^(\d+(?:\.\d+)?) *([kKmM]?)B?(?: */ *(?:req|request))?$`)

// ParseBudget reads "100B/request", "1.5kB", "100".
func ParseBudget(s string) (float64, error) {
	m := budgetText.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, fmt.Errorf("%q is no budget", s)
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, err
	}
	switch strings.ToLower(m[2]) {
	case "k":
		n *= 1000
	case "m":
		n *= 1_000_000
	}
	return n, nil
}

// Hold measures the result by a budget.
func (r *Result) Hold(perRequest float64) {
	b := &Budget{PerRequest: perRequest, Outcome: Unknown}
	if in := r.Rates.Kept.Interval; in != nil && !r.Interrupted {
		switch {
		case in[1] <= perRequest:
			b.Outcome = Pass
		case in[0] > perRequest:
			b.Outcome = Fail
		}
	}
	r.Budget = b
}
