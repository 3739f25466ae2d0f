package labcmd

import (
	"bytes"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lab"
)

func TestKeys(t *testing.T) {
	trace := &lab.Trace{Files: []lab.File{{Name: "a.js", Source: "one\ntwo\nthree"}}}
	for line := 1; line <= 3; line++ {
		trace.Steps = append(trace.Steps, lab.Step{Line: line})
	}
	var out bytes.Buffer
	m := tea.Model(model{painter: painter{ui: &terminal.UI{Out: &out}, w: &out, width: 80}, trace: trace, at: 1})
	press := func(keys ...string) {
		for _, key := range keys {
			m, _ = m.(model).press(key)
		}
	}
	for _, c := range []struct {
		keys []string
		at   int
	}{
		{[]string{"left"}, 1},
		{[]string{"right"}, 2},
		{[]string{"right", "right"}, 3},
		{[]string{"left"}, 2},
		{[]string{"G"}, 3},
		{[]string{"g"}, 1},
		{[]string{"3", "enter"}, 3},
		{[]string{"9", "9", "enter"}, 3},
		{[]string{"1", "v", "enter"}, 3}, // another key forgets the number
		{[]string{"home"}, 1},
	} {
		if press(c.keys...); m.(model).at != c.at {
			t.Fatalf("after %v at step %d, want %d", c.keys, m.(model).at, c.at)
		}
	}
	if !m.(model).v8 || !strings.Contains(m.View().Content, "step 1 of 3  before a.js:1  (V8)") {
		t.Errorf("the view is\n%s", m.View().Content)
	}
	// A tick of a playing that was stopped moves nothing; one of this playing does.
	press("p")
	late := tick{m.(model).beat}
	press("p", "p")
	if m, _ = m.Update(late); m.(model).at != 1 {
		t.Error("a late tick moved a step")
	}
	if m, _ = m.Update(tick{m.(model).beat}); m.(model).at != 2 {
		t.Error("a tick moved no step")
	}
}

func TestMarkAndSweep(t *testing.T) {
	ref := func(to int) lab.Value { return lab.Value{Type: "object", Ref: to} }
	trace := &lab.Trace{Files: []lab.File{{Name: "a.js", Source: "one"}}, Steps: []lab.Step{{
		Line:   1,
		Frames: []lab.Frame{{Function: "f", Variables: []lab.Variable{{Name: "a", Value: ref(1)}}}},
		Objects: []lab.Object{
			{ID: 1, Class: "Object", Props: []lab.Prop{{Name: "b", Value: ref(2)}}},
			{ID: 2, Class: "Object"},
			{ID: 3, Class: "Object", OutOfSight: true},
		},
	}}}
	var out bytes.Buffer
	m := tea.Model(model{painter: painter{ui: &terminal.UI{Out: &out}, w: &out, width: 80}, trace: trace, at: 1, height: 60})
	for _, want := range [][]string{
		{"○ @1 Object", "○ @2 Object", "○ @3 Object", "all objects are white"},
		{"◐ @1 Object", "○ @2 Object", "○ @3 Object", "roots refer to @1: grey"},
		{"● @1 Object", "◐ @2 Object", "○ @3 Object", "at distance 1, @2: grey"},
		{"● @1 Object", "● @2 Object", "✗ @3 Object", "white and swept ✗: @3."},
		{"○ @1 Object", "○ @2 Object", "○ @3 Object", "all objects are white"},
	} {
		m, _ = m.(model).press("m")
		view := strings.Join(strings.Fields(m.View().Content), " ")
		for _, text := range want {
			if !strings.Contains(view, text) {
				t.Errorf("the view has no %q:\n%s", text, view)
			}
		}
	}
	if m, _ = m.(model).press("esc"); m.(model).marking != nil {
		t.Error("Esc does not end it")
	}
}
