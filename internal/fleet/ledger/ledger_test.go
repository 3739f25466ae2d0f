package ledger

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/leak"
)

// result is one of app shop.
func result(id, host, release string, leaks ...string) *fleet.Result {
	r := &fleet.Result{
		Case:   fleet.Case{ID: id, Agent: "a", Host: host, App: "shop", Release: release},
		Result: &leak.Result{Verdict: leak.Healthy, Requests: 10},
	}
	for _, name := range leaks {
		r.Result.Verdict = leak.Leaking
		r.Result.Findings = append(r.Result.Findings, leak.Finding{
			Verdict: leak.Leaking, Fingerprint: name, Variable: name, Share: 1000, Counts: []int{0, 10},
			Container: leak.Container{Name: name}, Member: leak.Member{Class: "Session"},
		})
	}
	return r
}

func flat(id, release string) *fleet.Result {
	return &fleet.Result{Case: fleet.Case{ID: id, Agent: "a", Host: "h", App: "shop", Release: release, Flat: true}, Problem: "flat"}
}

var start = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// fold adds results a minute apart.
func fold(results ...*fleet.Result) (l *Ledger, events []Event) {
	l = &Ledger{}
	for i, r := range results {
		events = append(events, l.Add(r, start.Add(time.Duration(i)*time.Minute))...)
	}
	return l, events
}

func TestOneLeakOnManyHosts(t *testing.T) {
	l, events := fold(result("1", "h1", "v1", "cache"), result("2", "h2", "v1", "cache"), result("3", "h1", "v2", "cache", "list"))
	all := l.Findings()
	if len(all) != 2 || len(events) != 0 {
		t.Fatalf("%+v, %v", all, events)
	}
	f := all[0]
	if f.Fingerprint != "cache" || f.Cases != 3 || fmt.Sprint(f.Instances) != "[a/h1/shop/0 a/h2/shop/0]" || fmt.Sprint(f.Releases) != "[v1 v2]" ||
		f.Appeared != "v1" || !f.First.Equal(start) || !f.Last.Equal(start.Add(2*time.Minute)) || f.BytesPerRequest != 100 || f.Case != "3" {
		t.Errorf("%+v", f)
	}
	if all[1].Appeared != "v2" {
		t.Errorf("%+v", all[1])
	}
}

func TestFixed(t *testing.T) {
	seen := result("1", "h1", "v1", "cache")
	for name, c := range map[string]struct {
		then *fleet.Result
		want State
	}{
		"healthy in a newer release":   {result("2", "h1", "v2"), Fixed},
		"another leak in a newer one":  {result("2", "h1", "v2", "list"), Fixed},
		"nothing has grown in a newer": {flat("2", "v2"), Fixed},
		"healthy in the same release":  {result("2", "h1", "v1"), Grows},
		"there in a newer one":         {result("2", "h1", "v2", "cache"), Grows},
		"an alarm without a snapshot":  {&fleet.Result{Case: fleet.Case{ID: "2", App: "shop", Release: "v2"}, Problem: "no memory"}, Grows},
		"snapshots that cannot tell":   {&fleet.Result{Case: fleet.Case{ID: "2", App: "shop", Release: "v2"}, Result: &leak.Result{Verdict: leak.Undecided}}, Grows},
	} {
		l, _ := fold(seen, c.then)
		for _, f := range l.Findings() {
			if f.Fingerprint == "cache" && (f.State != c.want || c.want == Fixed && f.FixedIn != "v2") {
				t.Errorf("%s: %s, fixed in %q", name, f.State, f.FixedIn)
			}
		}
	}
}

// TestRegression tells one, once, and only of a release that is not older than the fix.
func TestRegression(t *testing.T) {
	l, events := fold(
		result("1", "h1", "v1", "cache"), result("2", "h1", "v2"),
		result("3", "h2", "v1", "cache"), // an old pod is no regression
	)
	if f := l.Findings()[0]; len(events) != 0 || f.State != Fixed {
		t.Fatalf("an old release: %v, %+v", events, f)
	}
	more := l.Add(result("4", "h1", "v3", "cache"), start)
	again := l.Add(result("5", "h2", "v3", "cache"), start)
	if len(more) != 1 || len(again) != 0 || more[0].Release != "v3" || more[0].Finding.FixedIn != "v2" || more[0].Finding.State != Regressed {
		t.Errorf("%+v, %+v", more, again)
	}
	l.Add(result("6", "h1", "v4"), start)
	if f := l.Findings()[0]; f.State != Fixed || f.FixedIn != "v4" {
		t.Errorf("fixed again: %+v", f)
	}
}

// TestTwice adds results in any order of repetitions: what was added changes nothing.
func TestTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "results")
		var all []*fleet.Result
		for i := range n {
			release := rapid.SampledFrom([]string{"v1", "v2", "v3"}).Draw(t, "release")
			leaks := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), rapid.ID).Draw(t, "leaks")
			all = append(all, result(fmt.Sprint(i), rapid.SampledFrom([]string{"h1", "h2"}).Draw(t, "host"), release, leaks...))
		}
		once, twice := &Ledger{}, &Ledger{}
		for i, r := range all {
			at := start.Add(time.Duration(i) * time.Minute)
			once.Add(r, at)
			twice.Add(r, at)
			twice.Add(all[rapid.IntRange(0, i).Draw(t, "again")], at.Add(time.Hour))
		}
		if a, b := fmt.Sprintf("%+v", once.Findings()), fmt.Sprintf("%+v", twice.Findings()); a != b {
			t.Fatalf("once\n%s\ntwice\n%s", a, b)
		}
	})
}
