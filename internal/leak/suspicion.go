package leak

// Suspicion is a place in the program's sources that can leak, and what the
// snapshots say of it. The linter has the suspicions: see package lint/evidence.
type Suspicion struct {
	Rule    string   `json:"rule"`
	Name    string   `json:"name"` // what may grow, as the program writes it
	Message string   `json:"message"`
	At      Place    `json:"at"`
	Verdict Evidence `json:"verdict"`
	// Counts are the members in each snapshot, PerRequest how many more each
	// request left, as in a finding.
	Counts      []int   `json:"counts,omitempty"`
	PerRequest  float64 `json:"perRequest,omitempty"`
	Fingerprint string  `json:"fingerprint"` // the linter's
}

// Evidence is what the snapshots say of a suspicion.
type Evidence string

// The evidence.
const (
	Confirmed Evidence = "confirmed" // it grew
	Cleared   Evidence = "cleared"   // it is there, and did not grow
	NotSeen   Evidence = "not seen"  // it is in no snapshot, or empty in all
)
