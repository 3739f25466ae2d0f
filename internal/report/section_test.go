package report

import (
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/leak"
)

func TestSpark(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   string
	}{
		{[]float64{0, 50, 100}, "▁▅█"},
		{[]float64{1000, 1001, 1000}, "▁▂▁"}, // a thousandth is nearly flat
		{[]float64{7, 7, 7}, "▁▁▁"},
		{[]float64{0, 0}, "▁▁"},
	} {
		s := Series{Values: c.values}
		if got := s.spark(); got != c.want {
			t.Errorf("%v: %s, want %s", c.values, got, c.want)
		}
	}
}

// TestAdditions holds that what a caller adds is in every form for people, and
// that checks and known leaks are in those for machines.
func TestAdditions(t *testing.T) {
	r := &Report{
		Result: &leak.Result{Verdict: leak.Leaking, Findings: []leak.Finding{{
			Verdict: leak.Leaking, Fingerprint: "f1", Cause: leak.Cache, Known: true,
			Counts: []int{1, 2}, PerStep: []int{1}, Survivors: []int{1}, Variable: "v", Container: leak.Container{Name: "v"},
			Path: []leak.Step{{Object: "root"}, {Object: "end"}}, Thread: "worker 7",
		}}},
		Word: "NO NEW LEAK", Title: "one is known", State: "healthy", Suite: "plumb hunt",
		First:  []Section{{Heading: "The hunt", Facts: [][2]string{{"program", "node <app>.js"}}}},
		Last:   []Section{{Heading: "Rounds", Chart: &Chart{[]Series{{"heap", []float64{1, 2}, "1 to 2"}}}, Table: &Table{[]string{"round", "heap"}, [][]string{{"1", "2 MB"}}}}},
		Doubts: []string{"Doubt it."}, Next: []string{"plumb again"},
		Checks: []Check{{Name: "fast", Failure: "it was slow"}, {Name: "sure", Skipped: "who knows"}, {Name: "fine"}},
		JSON:   map[string]int{"answer": 42},
	}
	for format, want := range map[Format][]string{
		Text:     {"NO NEW LEAK: one is known", "node <app>.js", "heap  ▁█  1 to 2", "worker 7", "2 MB", "Doubt it.", "plumb again", "f1, known"},
		Markdown: {"# NO NEW LEAK: one is known", "node &lt;app&gt;.js", "heap  ▁█  1 to 2", "| 1 | 2 MB |"},
		HTML:     {`"state":"healthy"`, "node &lt;app&gt;.js", `"node \u003capp\u003e.js"`, `"series":[{"name":"heap","values":[1,2]`},
		JSON:     {`"answer": 42`},
		SARIF:    {`"level": "note"`},
		JUnit:    {`<testsuite name="plumb hunt" tests="4" failures="1" skipped="2">`, `<failure type="fast" message="it was slow">`, "known: the baseline has it"},
	} {
		var b strings.Builder
		if err := r.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		for _, part := range want {
			if !strings.Contains(b.String(), part) {
				t.Errorf("%s has no %q", format, part)
			}
		}
	}
}
