package hunt

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/leak"
)

func TestParseBudget(t *testing.T) {
	for text, want := range map[string]float64{
		"100B/request": 100, "100": 100, "1.5kB": 1500, "2 kB / req": 2000, "1MB/request": 1_000_000, "0B": 0,
	} {
		if got, err := ParseBudget(text); err != nil || got != want {
			t.Errorf("%q: %v %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "-1", "100 apples", "B", "1GB", "100B/second"} {
		if got, err := ParseBudget(text); err == nil {
			t.Errorf("%q: %v, want an error", text, got)
		}
	}
}

// leaked is a hunt that found leaks with these fingerprints, at a rate.
func leaked(rate, low, high float64, fingerprints ...string) *Result {
	r := &Result{
		Result: &leak.Result{Verdict: leak.Healthy}, Rounds: make([]Round, 5),
		Rates: Rates{Kept: Rate{PerRequest: rate, Interval: &[2]float64{low, high}, Trend: Growing}},
	}
	for _, f := range fingerprints {
		r.Findings = append(r.Findings, leak.Finding{Verdict: leak.Leaking, Fingerprint: f})
		r.Verdict = leak.Leaking
	}
	return r
}

func TestBudget(t *testing.T) {
	for _, c := range []struct {
		low, high, budget float64
		want              Outcome
	}{
		{90, 110, 200, Pass},
		{90, 110, 50, Fail},
		{90, 110, 100, Unknown},
		{-5, 3, 0, Unknown},
	} {
		r := leaked(100, c.low, c.high, "a")
		r.Hold(c.budget)
		if r.Outcome() != c.want {
			t.Errorf("%v to %v, budget %v: %s, want %s", c.low, c.high, c.budget, r.Outcome(), c.want)
		}
	}
}

func TestBaseline(t *testing.T) {
	b := NewBaseline(leaked(100, 90, 110, "a", "b"), &Baseline{Leaks: []KnownLeak{{Fingerprint: "b", Note: "later"}}}, "")
	if len(b.Leaks) != 2 || b.Leaks[1].Note != "later" {
		t.Fatalf("%+v", b)
	}
	data, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	b, err = ParseBaseline(data)
	if err != nil {
		t.Fatal(err)
	}
	known := leaked(100, 90, 110, "b", "a")
	known.Accept(b)
	if known.Outcome() != Pass || known.known() != 2 {
		t.Errorf("known leaks: %s", known.Outcome())
	}
	fresh := leaked(100, 90, 110, "b", "c")
	fresh.Accept(b)
	if fresh.Outcome() != Fail {
		t.Errorf("a new leak: %s", fresh.Outcome())
	}
	for _, text := range []string{"", "[]", "{}", `{"leaks":[{"name":"x"}]}`} {
		if _, err := ParseBaseline([]byte(text)); err == nil {
			t.Errorf("%q is no baseline", text)
		}
	}
}

func TestFixed(t *testing.T) {
	old := leaked(100, 90, 110, "a")
	undecided := leaked(100, 90, 110)
	undecided.Verdict = leak.Undecided
	for name, c := range map[string]struct {
		now  *Result
		want Outcome
	}{
		"gone":            {leaked(1, -2, 3), Pass},
		"still there":     {leaked(50, 40, 60, "a"), Fail},
		"another one":     {leaked(50, 40, 60, "b"), Fail},
		"not sure":        {undecided, Unknown},
		"no difference":   {leaked(95, 80, 105), Unknown},
		"a little better": {leaked(80, 70, 85), Fail},
	} {
		c.now.CompareWith(old)
		if c.now.Outcome() != c.want {
			t.Errorf("%s: %s, want %s: %s", name, c.now.Outcome(), c.want, c.now.Fixed.Reason)
		}
	}
}

func TestParseResult(t *testing.T) {
	data, err := json.Marshal(leaked(100, 90, 110, "a"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := ParseResult(data)
	if err != nil || r.Findings[0].Fingerprint != "a" || r.Rates.Kept.Interval[1] != 110 {
		t.Errorf("%v: %+v", err, r)
	}
	healthy, err := json.Marshal(leaked(1, 0, 2))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"{":             "read hunt",
		"{}":            "no rounds",
		string(healthy): "nothing to fix",
	} {
		if _, err := ParseResult([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %q", text, err, want)
		}
	}
}
