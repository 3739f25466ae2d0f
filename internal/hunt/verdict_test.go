package hunt

import (
	"slices"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/leak"
)

// growth is a figure of the rates.
func growth(perRequest float64, t Trend) Rate {
	return Rate{PerRequest: perRequest, Interval: &[2]float64{perRequest * 0.9, perRequest * 1.1}, Trend: t}
}

// TestVerdict holds the rules on which rates and counts are joined.
func TestVerdict(t *testing.T) {
	five := make([]Round, 5)
	for i := range five {
		five[i] = Round{Work: Work{Requests: 1000}, Stage: First}
	}
	refused := []Round{{Work: Work{Requests: 9, Statuses: map[int]int64{500: 9}}}, {}, {}, {}}
	grown := slices.Concat(five, []Round{{Stage: Again, Memory: Memory{HeapUsed: 10_000_000}}})
	of := func(r Rate) Rates {
		return Rates{Kept: r, Objects: r, External: Rate{Trend: Flat, Interval: &[2]float64{}}}
	}
	again := func(r Rate) *Rates {
		rates := of(r)
		return &rates
	}
	for name, c := range map[string]struct {
		snapshots leak.Verdict // "" for none
		result    Result
		attached  bool
		want      leak.Verdict
	}{
		"a flat heap":                {"", Result{Rounds: five, Rates: of(growth(0.1, Flat))}, false, leak.Healthy},
		"counts prove it":            {leak.Leaking, Result{Rounds: five, Rates: of(growth(3, Unclear))}, false, leak.Leaking},
		"counts find nothing":        {leak.Healthy, Result{Rounds: five, Rates: of(growth(20, Unclear))}, false, leak.Healthy},
		"counts are not sure":        {leak.Undecided, Result{Rounds: five, Rates: of(growth(20, Unclear))}, false, leak.Undecided},
		"it grew and stopped":        {leak.Healthy, Result{Rounds: five, Rates: of(growth(40, Growing)), Again: again(growth(2, Unclear))}, false, leak.Healthy},
		"it grows on, unnamed":       {leak.Healthy, Result{Rounds: five, Rates: of(growth(20, Growing)), Again: again(growth(19, Growing))}, false, leak.Undecided},
		"it grows much, unnamed":     {leak.Healthy, Result{Rounds: grown, Rates: of(growth(500, Growing)), Again: again(growth(480, Growing))}, false, leak.Leaking},
		"the same in a noisy engine": {leak.Healthy, Result{Rounds: grown, Rates: of(growth(100, Growing)), Again: again(growth(100, Growing))}, true, leak.Undecided},
		"too few rounds":             {"", Result{Rounds: five[:2], Rates: of(growth(40, Unclear))}, false, leak.Undecided},
		"interrupted":                {"", Result{Rounds: five, Interrupted: true, Rates: of(growth(0, Flat))}, false, leak.Undecided},
		"only errors":                {"", Result{Rounds: refused, Rates: of(growth(0, Flat))}, false, leak.Undecided},
	} {
		r := c.result
		for i := range r.Rounds {
			if r.Rounds[i].Stage == "" {
				r.Rounds[i].Stage = First
			}
		}
		r.Result = &leak.Result{Verdict: c.snapshots}
		if c.snapshots == leak.Leaking || c.snapshots == leak.Undecided {
			r.Findings = []leak.Finding{{Verdict: c.snapshots}}
		}
		h := &hunter{result: &r, named: c.snapshots != "", plan: Plan{Progress: func(Event) {}}}
		if c.attached {
			h.plan.Attach = "1"
		}
		h.conclude()
		if r.Verdict != c.want {
			t.Errorf("%s: %s, want %s: %s", name, r.Verdict, c.want, r.Reason)
		}
	}
}

// TestRSSIsNoVerdict holds that it is told of, and no more.
func TestRSSIsNoVerdict(t *testing.T) {
	r := &Result{Result: &leak.Result{}}
	for range 5 {
		r.Rounds = append(r.Rounds, Round{Work: Work{Requests: 1000}, Stage: First})
	}
	r.Rates = Rates{Kept: growth(0, Flat), RSS: growth(10_000, Growing)}
	h := &hunter{result: r, plan: Plan{Progress: func(Event) {}}}
	h.conclude()
	if r.Verdict != leak.Healthy || len(r.Notes) != 1 {
		t.Errorf("%s, notes %v", r.Verdict, r.Notes)
	}
}

// TestNext holds that what to run next hunts in the same program with the same
// load.
func TestNext(t *testing.T) {
	r := &Result{Result: &leak.Result{Verdict: leak.Undecided}, Program: Program{
		Command: []string{"node", "app.js"}, options: []string{"--requests 200", "--url /a"},
	}}
	if got, want := strings.Join(r.next(), "; "), "plumb hunt --url /a --rounds 10 --requests 1000 -- node app.js"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	r.Verdict, r.Program.Attached = leak.Leaking, "4711"
	want := "plumb hunt --requests 200 --url /a --out before 4711   # keeps the evidence\n" +
		"plumb hunt --requests 200 --url /a --expect-fixed before/hunt.json PID   # after the change"
	if got := strings.Join(r.next(), "\n"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
