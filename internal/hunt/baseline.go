package hunt

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
)

// Baseline are leaks that are known, by their fingerprints: they do not count.
type Baseline struct {
	Leaks []KnownLeak `json:"leaks"`
}

// KnownLeak is one of them; all but the fingerprint is for readers.
type KnownLeak struct {
	Fingerprint string `json:"fingerprint"`
	Name        string `json:"name,omitempty"`
	Cause       string `json:"cause,omitempty"`
	Place       string `json:"place,omitempty"`
	Note        string `json:"note,omitempty"` // why it is left as it is
}

// ParseBaseline reads a baseline.
func ParseBaseline(data []byte) (*Baseline, error) {
	var b Baseline
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
	}
	if b.Leaks == nil {
		return nil, fmt.Errorf("read baseline: it has no \"leaks\"")
	}
	for i, l := range b.Leaks {
		if l.Fingerprint == "" {
			return nil, fmt.Errorf("read baseline: leak %d has no fingerprint", i+1)
		}
	}
	return &b, nil
}

// NewBaseline makes one of what a hunt found; notes of an older one are kept.
// root is cut from the front of paths.
func NewBaseline(r *Result, older *Baseline, root string) *Baseline {
	b := &Baseline{Leaks: []KnownLeak{}}
	notes := map[string]string{}
	if older != nil {
		for _, l := range older.Leaks {
			notes[l.Fingerprint] = l.Note
		}
	}
	for _, f := range r.Findings {
		if f.Verdict != leak.Leaking {
			continue
		}
		l := KnownLeak{Fingerprint: f.Fingerprint, Name: f.Container.Name, Cause: string(f.Cause), Note: notes[f.Fingerprint]}
		if f.Declared.File != "" {
			l.Place = fmt.Sprintf("%s:%d", strings.TrimPrefix(f.Declared.File, root), f.Declared.Line)
		}
		b.Leaks = append(b.Leaks, l)
	}
	return b
}

// Accept marks the leaks that a baseline knows. The result stays a leaking one
// as long as one of them is new.
func (r *Result) Accept(b *Baseline) {
	known := map[string]bool{}
	for _, l := range b.Leaks {
		known[l.Fingerprint] = true
	}
	for i := range r.Findings {
		r.Findings[i].Known = known[r.Findings[i].Fingerprint]
	}
}

// unknown are the findings with a verdict that no baseline accepts.
func (r *Result) unknown(v leak.Verdict) int {
	n := 0
	for _, f := range r.Findings {
		if f.Verdict == v && !f.Known {
			n++
		}
	}
	return n
}

// known are the leaks that a baseline accepts.
func (r *Result) known() int {
	n := 0
	for _, f := range r.Findings {
		if f.Known {
			n++
		}
	}
	return n
}
