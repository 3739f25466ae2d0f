package report

import (
	"testing"

	"github.com/plumb-dev/plumb/internal/leak"
)

// TestSentences holds that a finding reads as a programmer would say it.
func TestSentences(t *testing.T) {
	finding := func(cause leak.Cause, variable, container, member string) leak.Finding {
		f := leak.Finding{Cause: cause, Variable: variable, PerRequest: 1, Counts: []int{0, 100}}
		f.Container.Name, f.Container.Class, f.Member.Class = container, "Array", member
		return f
	}
	set := func(f leak.Finding, made, allocated leak.Place) leak.Finding {
		f.Made = made
		if allocated.File != "" {
			f.Allocated = &allocated
		}
		return f
	}
	schedule := leak.Place{File: "/srv/app/jobs.js", Line: 2, Function: "schedule"}
	for _, test := range []struct {
		f    leak.Finding
		want string
	}{
		{finding(leak.Listener, "process", "process._events.warning", "anonymous function"), `process's "warning" listeners keep 1.00 function per request`},
		{finding(leak.Listener, "bus", `bus._events["never-"]`, "function native_bind"), `bus's "never-" listeners keep 1.00 function per request`},
		{finding(leak.Listener, "bus", "hub.bus._events.done", "function reload"), `hub.bus's "done" listeners keep 1.00 reload function per request`},
		{finding(leak.Listener, "bus", "bus._events[x]", "Object"), `bus's listeners keep 1.00 object per request`},
		{finding(leak.Listener, "stop", "stop.signal", "Listener"), `stop.signal's listeners keep 1.00 Listener object per request`},
		{set(finding(leak.Timer, "", "", "Timeout"), schedule, leak.Place{}), "timers of schedule() (jobs.js:2) keep 1.00 Timeout per request"},
		{set(finding(leak.Timer, "", "", "Timeout"), leak.Place{}, schedule), "timers set in schedule() (jobs.js:2) keep 1.00 Timeout per request"},
		{set(finding(leak.Timer, "", "", "Timeout"), leak.Place{File: "a.js", Line: 7}, leak.Place{}), "timers of a.js:7 keep 1.00 Timeout per request"},
		{finding(leak.Cache, "ports", "ports", "property"), "ports keeps 1.00 property per request"},
		{finding(leak.UnknownCause, "", "", "Object"), "an Array keeps 1.00 object per request"},
	} {
		if got := new(Report).says(&test.f); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
	many := finding(leak.Cache, "ports", "ports", "property")
	many.PerRequest = 0
	if got, want := new(Report).says(&many), "ports keeps 100 more properties"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
