package leak

import (
	"fmt"
	"testing"
)

// room gives a container the array of the engine where its members are.
func (p *program) room(variable, class, edge string, id, slots uint64) {
	n := p.variable(variable, class, id)
	data := p.Node("array", "", 16+8*slots)
	p.Set(data, "id", id+2)
	p.Edge(n, "internal", edge, data)
	if variable == "methods" { // one text in all of them
		get := p.typed("string", "GET", id+4)
		for i := range int(slots) {
			p.Indexed(data, "hidden", i, get)
		}
	}
}

// TestUncounted holds that containers of what snapshots do not count are told
// of, and those of objects are not.
func TestUncounted(t *testing.T) {
	build := func(p *program, _ int) {
		p.room("durations", "Array", "elements", 2001, 2000)
		p.room("handled", "Set", "table", 2011, 1500)
		p.room("methods", "Array", "elements", 2021, 1000)
		p.room("few", "Array", "elements", 2031, 50)
		p.array(p.variable("items", "Array", 2041), 0, 1000, 50_001)
	}
	r := find(t, series(t, 2, build), Options{Requests: 100})
	got := ""
	for _, f := range r.Uncounted {
		got += fmt.Sprintf("%s %s %s; ", f.Container.Name, f.Member.Class, f.Cause)
	}
	if want := "durations number module variable; handled entry cache without a limit; methods element module variable; "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestRecount(t *testing.T) {
	build := func(p *program, step int) {
		p.room("durations", "Array", "elements", 2001, 2000+2000*uint64(step/2))
	}
	for name, c := range map[string]struct {
		counts   []int
		requests int
		want     Verdict
	}{
		"one per request":            {[]int{700, 800, 900, 1000}, 100, Leaking},
		"one for each three":         {[]int{700, 900, 1100, 1300}, 600, Leaking},
		"evenly":                     {[]int{700, 770, 845, 915}, 200, Leaking},
		"by the same, of no request": {[]int{700, 710, 720, 730}, 0, Leaking},
		"as many as before":          {[]int{1000, 1000, 1000, 1000}, 100, Healthy},
		"a limit that is reached":    {[]int{700, 800, 900, 900}, 100, Healthy},
		"up and down":                {[]int{700, 800, 750, 820}, 100, Healthy},
		"ever less":                  {[]int{700, 780, 820, 840}, 100, Undecided},
		"a histogram":                {[]int{286, 363, 408, 427}, 1000, Healthy},
		"a few":                      {[]int{700, 701, 702, 705}, 100, Healthy},
	} {
		r := find(t, series(t, 3, build), Options{Requests: c.requests})
		if f := only(t, r); f.Verdict != Undecided || f.Container.Kind != oneObject {
			t.Fatalf("%s before: %s", f.Verdict, f.Reason)
		}
		r.Recount(0, c.counts, "boolean")
		if r.Verdict != c.want {
			t.Errorf("%s: %s, want %s", name, r.Verdict, c.want)
		}
		if c.want == Healthy {
			if len(r.Findings) != 0 {
				t.Errorf("%s: %d findings", name, len(r.Findings))
			}
			continue
		}
		f := only(t, r)
		if f.Verdict != c.want || !f.Asked || f.Variable != "durations" || f.Container.Kind != "container" || f.Member.Class != "boolean" || len(f.PerStep) != 3 {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
