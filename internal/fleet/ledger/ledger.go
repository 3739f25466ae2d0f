// Package ledger makes one list of findings out of all results of a fleet: the same leak
// in ten pods, on three hosts and in two releases is one finding.
//
// Leaks are the same when their fingerprints are. A finding is fixed when a newer release
// of the app was looked at and it was not there: compared without it, or an alarm at which
// nothing that JavaScript holds had grown. Without such evidence it stays as it was. It is
// a regression when it is there again in a release that is newer still.
//
// Releases are ordered by when the hub first heard of them, and times are the hub's:
// clocks of hosts differ. The list is made by reading all results in their order, so it
// can be made anew at any time, by the hub and by who asks.
package ledger

import (
	"slices"
	"strings"
	"time"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/leak"
)

// State is how a finding stands.
type State string

// The states.
const (
	Grows     State = "grows"
	Fixed     State = "fixed"
	Regressed State = "regressed" // it was fixed, and is there again
)

// Finding is one leak, wherever it was seen.
type Finding struct {
	Fingerprint string `json:"fingerprint"`
	App         string `json:"app"`
	State       State  `json:"state"`
	Line        string `json:"line"` // of the newest result
	Name        string `json:"name"` // the way to it
	Place       string `json:"place,omitempty"`
	Cause       string `json:"cause"`

	First     time.Time `json:"first"`
	Last      time.Time `json:"last"`
	Cases     int       `json:"cases"`
	Instances []string  `json:"instances"` // AGENT/HOST/APP/N
	// BytesPerRequest is the largest that was seen, 0 when it is not known.
	BytesPerRequest float64 `json:"bytesPerRequest,omitempty"`

	Appeared string   `json:"appeared,omitempty"` // the first release that has it
	Releases []string `json:"releases"`           // that have it, in their order
	FixedIn  string   `json:"fixedIn,omitempty"`
	Again    string   `json:"again,omitempty"` // the release in which it came again

	Case      string           `json:"case"` // the newest
	Snapshots []fleet.Snapshot `json:"snapshots"`
}

// Alarm is a case that could not be explained.
type Alarm struct {
	fleet.Case

	Seen    time.Time `json:"seen"`
	Problem string    `json:"problem"`
}

// Event is a regression.
type Event struct {
	Finding Finding `json:"finding"`
	Release string  `json:"release"`
}

// Key names the event: it is told once.
func (e Event) Key() string {
	return fleet.Name(e.Finding.App) + "." + e.Finding.Fingerprint + "." + fleet.Name(e.Release)
}

// Ledger is the list. The zero value is an empty one.
type Ledger struct {
	findings map[string]*Finding
	alarms   []Alarm
	cases    map[string]bool
	releases map[string][]string // of an app, in their order
}

// Add adds what was said about a case, seen by the hub at a time. A case that was added
// before changes nothing. It returns what has regressed.
func (l *Ledger) Add(r *fleet.Result, seen time.Time) (events []Event) {
	if l.cases == nil {
		l.findings, l.cases, l.releases = map[string]*Finding{}, map[string]bool{}, map[string][]string{}
	}
	c := &r.Case
	if l.cases[c.ID] {
		return nil
	}
	l.cases[c.ID] = true
	if !slices.Contains(l.releases[c.App], c.Release) {
		l.releases[c.App] = append(l.releases[c.App], c.Release)
	}
	switch {
	case r.Result != nil && r.Result.Verdict == leak.Undecided:
		l.alarms = append(l.alarms, Alarm{*c, seen, "the snapshots cannot tell"})
		return nil
	case r.Result == nil && !c.Flat:
		l.alarms = append(l.alarms, Alarm{*c, seen, r.Problem})
		return nil
	}
	there := map[string]bool{}
	if r.Result != nil {
		for i := range r.Result.Findings {
			if one := &r.Result.Findings[i]; one.Verdict == leak.Leaking {
				there[c.App+" "+one.Fingerprint] = true
				if event := l.sight(r, one, seen); event != nil {
					events = append(events, *event)
				}
			}
		}
	}
	for key, f := range l.findings {
		if f.App == c.App && !there[key] && f.State != Fixed && l.newer(c.App, c.Release, f.Releases[len(f.Releases)-1]) {
			f.State, f.FixedIn = Fixed, c.Release
		}
	}
	return events
}

// sight adds one leak of a result.
func (l *Ledger) sight(r *fleet.Result, one *leak.Finding, seen time.Time) *Event {
	c := &r.Case
	key := c.App + " " + one.Fingerprint
	f := l.findings[key]
	if f == nil {
		f = &Finding{Fingerprint: one.Fingerprint, App: c.App, State: Grows, First: seen, Appeared: c.Release}
		l.findings[key] = f
	}
	again := f.State == Fixed && (c.Release == f.FixedIn || l.newer(c.App, c.Release, f.FixedIn))
	f.Last, f.Line, f.Case, f.Snapshots = seen, line(r, one), c.ID, c.Snapshots
	f.Name, f.Cause, f.Place = one.Container.Name, string(one.Cause), place(one.Declared)
	f.Cases++
	if at := strings.Join([]string{c.Agent, c.Host, c.App, itoa(c.Instance)}, "/"); !slices.Contains(f.Instances, at) {
		f.Instances = append(f.Instances, at)
	}
	if !slices.Contains(f.Releases, c.Release) {
		f.Releases = append(f.Releases, c.Release)
		slices.SortFunc(f.Releases, func(a, b string) int {
			return slices.Index(l.releases[c.App], a) - slices.Index(l.releases[c.App], b)
		})
	}
	if r.Result.Requests > 0 {
		f.BytesPerRequest = max(f.BytesPerRequest, float64(one.Share)/float64(r.Result.Requests))
	}
	if !again {
		return nil
	}
	f.State, f.Again = Regressed, c.Release
	return &Event{*f, c.Release}
}

// newer tells whether a release of an app came after another.
func (l *Ledger) newer(app, release, than string) bool {
	return slices.Index(l.releases[app], release) > slices.Index(l.releases[app], than)
}

// Findings are all, the newest first.
func (l *Ledger) Findings() []Finding {
	list := make([]Finding, 0, len(l.findings))
	for _, f := range l.findings {
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b Finding) int {
		if c := b.Last.Compare(a.Last); c != 0 {
			return c
		}
		return strings.Compare(a.App+a.Fingerprint, b.App+b.Fingerprint)
	})
	return list
}

// Alarms are the cases without an explanation, the newest first.
func (l *Ledger) Alarms() []Alarm {
	list := slices.Clone(l.alarms)
	slices.Reverse(list)
	return list
}
