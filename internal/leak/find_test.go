package leak

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-dev/plumb/heap"
)

func TestArrayThatGrows(t *testing.T) {
	build := func(p *program, step int) {
		p.array(p.variable("queue", "Array", 2001), 0, 100+600*step, 50_001)
	}
	f := only(t, find(t, series(t, 3, build), Options{Requests: 600, ReadSource: func(string) ([]byte, error) {
		return []byte("'use strict';\n\nconst queue = [];\n"), nil
	}}))
	got := fmt.Sprint(f.Verdict, f.Variable, f.Container, f.Member.Class, f.Declared, f.Counts, f.PerStep, f.Survivors, f.PerRequest, f.Cause)
	want := fmt.Sprint(Leaking, "queue", Container{"queue", "Array", 2001, "container"}, "Item",
		Place{File: "/srv/app.js", Line: 3, Exact: true}, []int{100, 700, 1300}, []int{600, 600}, []int{600, 600}, 1.0, ModuleVariable)
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if f.Share != 1200*32 || f.Exclusive != 1200*32 || f.Retainers != 1 {
		t.Errorf("share %d, exclusive %d, retainers %d; want 38400, 38400, 1", f.Share, f.Exclusive, f.Retainers)
	}
}

// TestTurnover holds that a container whose members change but whose count
// does not is no leak, however many objects are new.
func TestTurnover(t *testing.T) {
	build := func(p *program, step int) {
		p.array(p.variable("recent", "Array", 2001), 5000*step, 5000*step+5000, 50_001)
	}
	for steps := 2; steps <= 3; steps++ {
		if r := find(t, series(t, steps, build), Options{Requests: 5000}); r.Verdict != Healthy || len(r.Findings) > 0 {
			t.Errorf("%d snapshots: %s, %d findings", steps, r.Verdict, len(r.Findings))
		}
	}
}

// TestReplaced holds the same of a variable that gets a new array each time.
func TestReplaced(t *testing.T) {
	build := func(p *program, step int) {
		p.array(p.variable("batch", "Array", 60_001+2*uint64(step)), 800*step, 800*step+800, 70_001)
	}
	if r := find(t, series(t, 2, build), Options{}); r.Verdict != Healthy {
		t.Errorf("%s: %+v", r.Verdict, r.Findings)
	}
}

// TestBacklog holds that growth whose earlier part is gone is work under way.
func TestBacklog(t *testing.T) {
	build := func(p *program, step int) {
		from := 10_000 * step
		p.array(p.variable("jobs", "Array", 2001), from, from+300*(step+1), 50_001)
	}
	if r := find(t, series(t, 3, build), Options{}); r.Verdict != Healthy {
		t.Errorf("%s: %+v", r.Verdict, r.Findings)
	}
}

func TestFilling(t *testing.T) {
	build := func(p *program, step int) {
		p.array(p.variable("cache", "Array", 2001), 0, 100*step, 50_001)
	}
	f := only(t, find(t, series(t, 2, build), Options{}))
	if f.Verdict != Undecided {
		t.Errorf("two snapshots, 100 more: %s, want %s", f.Verdict, Undecided)
	}
}

func TestLinkedList(t *testing.T) {
	build := func(p *program, step int) {
		holder := p.variable("jobs", "Queue", 2001)
		length := 50 + 600*step
		at, name := holder, "head"
		for i := length; i > 0; i-- { // the newest first
			n := p.object("Job", 50_001+2*uint64(i))
			p.Edge(at, "property", name, n)
			at, name = n, "next"
		}
	}
	f := only(t, find(t, series(t, 2, build), Options{}))
	if diff := cmp.Diff([]int{50, 650}, f.Counts); diff != "" {
		t.Error(diff)
	}
	if f.Container.Kind != "linked list" || f.Container.Name != "jobs.head" || f.Cause != LinkedList || f.Survivors[0] != 600 {
		t.Errorf("%+v %s %v", f.Container, f.Cause, f.Survivors)
	}
}

// TestRing holds that a list that runs in a circle is counted once.
func TestRing(t *testing.T) {
	build := func(p *program, step int) {
		list := p.variable("ring", "Ring", 2001)
		previous := list
		for i := range 40 + 600*step {
			n := p.object("Timeout", 50_001+2*uint64(i))
			p.Edge(previous, "property", "after", n)
			p.Edge(n, "property", "before", previous)
			previous = n
		}
		p.Edge(previous, "property", "after", list)
		p.Edge(list, "property", "before", previous)
	}
	f := only(t, find(t, series(t, 2, build), Options{}))
	if diff := cmp.Diff([]int{40, 640}, f.Counts); diff != "" {
		t.Error(diff)
	}
}

// TestManySmallContainers holds that growth spread over the values of a Map
// is reported once, at the Map.
func TestManySmallContainers(t *testing.T) {
	build := func(p *program, step int) {
		users := p.variable("users", "Map", 2001)
		table := p.typed("array", "", 2003)
		p.Edge(users, "internal", "table", table)
		for u := range 40 {
			orders := p.object("Array", 3001+2*uint64(u))
			p.Edge(table, "internal", fmt.Sprint(3*u+1), orders)
			p.array(orders, 0, 5+20*step, 50_001+10_000*uint64(u))
		}
	}
	f := only(t, find(t, series(t, 2, build), Options{}))
	if f.Container.Class != "Map" || f.Variable != "users" || f.Counts[1]-f.Counts[0] != 800 {
		t.Errorf("%+v %q %v", f.Container, f.Variable, f.Counts)
	}
}

func TestGlobal(t *testing.T) {
	build := func(p *program, step int) {
		log := p.object("Array", 2001)
		p.Edge(p.global, "property", "log", log)
		p.array(log, 0, 600*step, 50_001)
	}
	f := only(t, find(t, series(t, 2, build), Options{}))
	if f.Cause != AccidentalGlobal || f.Container.Name != "globalThis.log" {
		t.Errorf("%s %s", f.Cause, f.Container.Name)
	}
}

// TestSharedMembers holds that what two containers keep is split between them
// and that fixing one of them is not said to free it.
func TestSharedMembers(t *testing.T) {
	build := func(p *program, step int) {
		all, open := p.variable("all", "Array", 2001), p.variable("open", "Array", 2003)
		for i := range 600 * step {
			body := p.object("Body", 50_001+2*uint64(i))
			for j, list := range []heap.Node{all, open} {
				entry := p.object("Entry", 60_001+4*uint64(i)+2*uint64(j))
				p.Element(list, i, entry)
				p.Edge(entry, "property", "body", body)
			}
		}
	}
	r := find(t, series(t, 2, build), Options{})
	if len(r.Findings) != 2 {
		t.Fatalf("%d findings, want 2", len(r.Findings))
	}
	for _, f := range r.Findings {
		if f.Share != 600*(32+16) || f.Exclusive != 600*32 {
			t.Errorf("%s: share %d, exclusive %d", f.Variable, f.Share, f.Exclusive)
		}
	}
}

// TestNoise holds that what V8 and Node.js do for themselves is no finding.
func TestNoise(t *testing.T) {
	build := func(p *program, step int) {
		node := p.typed("code", "node:internal/timers", 2001)
		shared := p.typed("code", "(shared function info)", 2003)
		p.Edge(shared, "internal", "script", node)
		scope := p.object("system / Context", 2005)
		own := p.typed("closure", "own", 2007)
		p.Edge(own, "internal", "shared", shared)
		p.Edge(own, "internal", "context", scope)
		p.Location(own, 5, 10, 0)
		p.Edge(p.global, "property", "setTimeout", own)
		list := p.object("Array", 2009)
		p.Edge(scope, "context", "freeList", list)
		p.array(list, 0, 900*step, 50_001)
		for i := range 900 * step {
			code := p.typed("code", "", 70_001+2*uint64(i))
			p.Indexed(p.shared, "hidden", i, code)
		}
	}
	r := find(t, series(t, 2, build), Options{Requests: 900})
	if r.Verdict != Healthy || len(r.Findings) > 0 {
		t.Errorf("%s, %+v", r.Verdict, r.Findings)
	}
	if want := (Noise{Kind: "held by Node.js: connections, requests under way", Objects: 900, Bytes: 900 * 32}); !slices.Contains(r.Noise, want) {
		t.Errorf("noise %v lacks %v", r.Noise, want)
	}
	if want := (Noise{Kind: "compiled code and feedback", Objects: 900, Bytes: 900 * 32}); !slices.Contains(r.Noise, want) {
		t.Errorf("noise %v lacks %v", r.Noise, want)
	}
}

func TestWrongSnapshots(t *testing.T) {
	grow := func(p *program, step int) {
		p.array(p.variable("queue", "Array", 2001), 0, 100+10*step, 50_001)
	}
	snapshots := series(t, 2, grow)
	other := series(t, 1, func(p *program, _ int) {
		n := p.variable("queue", "Array", 2001)
		for i := range 100 {
			p.Element(n, i, p.object(fmt.Sprint("Other", i), 50_001+2*uint64(i)))
		}
	})
	tests := []struct {
		name   string
		a, b   *heap.Snapshot
		reason string
	}{
		{"swapped", snapshots[1], snapshots[0], "the second is the older one"},
		{"twice the same", snapshots[0], snapshots[0], "the same snapshot"},
		{"two processes", snapshots[0], other[0], "different processes"},
	}
	for _, tt := range tests {
		_, err := Find(t.Context(), []*heap.Snapshot{tt.a, tt.b}, Options{})
		var order *OrderError
		if !errors.As(err, &order) || !strings.Contains(order.Reason, tt.reason) || order.Hint == "" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// TestScriptRecord holds that a capture record names scripts that the snapshot
// does not.
func TestScriptRecord(t *testing.T) {
	build := func(p *program, step int) {
		list := p.object("Array", 2001)
		owner := p.object("Store", 2003)
		p.Location(owner, 99, 6, 2)
		p.Edge(p.global, "property", "now2", owner)
		p.Edge(owner, "property", "items", list)
		p.array(list, 0, 600*step, 50_001)
	}
	f := only(t, find(t, series(t, 2, build), Options{Scripts: []Script{{ID: 99, URL: "/srv/store.js"}}}))
	if f.Declared.File != "/srv/store.js" || f.Declared.Line != 7 || f.Declared.Exact || f.Variable != "items" {
		t.Errorf("%q at %+v", f.Variable, f.Declared)
	}
}

func TestJudge(t *testing.T) {
	tests := []struct {
		counts, kept []int
		requests     int
		want         Verdict
	}{
		{[]int{0, 7000}, []int{7000}, 0, Leaking},
		{[]int{0, 7000}, []int{7000}, 7000, Leaking},
		{[]int{0, 100}, []int{100}, 100, Leaking},
		{[]int{0, 100}, []int{100}, 0, Undecided},
		{[]int{0, 100}, []int{100}, 730, Undecided}, // 0.137 a request is no count
		{[]int{0, 70}, []int{70}, 500, Undecided},   // nor is 0.14, although 1/7 is near
		{[]int{0, 250}, []int{250}, 500, Leaking},   // one of two requests
		{[]int{0, 452}, []int{452}, 150, Leaking},   // three each, two more from elsewhere
		{[]int{0, 50}, []int{50}, 1500, Healthy},    // a small cache that filled
		{[]int{0, 30}, []int{30}, 30, Healthy},
		{[]int{100, 100}, []int{100}, 100, Healthy},
		{[]int{0, 100, 100}, []int{100, 0}, 100, Healthy},
		{[]int{0, 50, 100}, []int{50, 50}, 0, Leaking},
		{[]int{0, 50, 100}, []int{0, 50}, 0, Healthy},
		{[]int{0, 900, 910}, []int{900, 10}, 0, Undecided}, // ever less
		{[]int{0, 6, 12}, []int{6, 6}, 0, Undecided},
	}
	for _, tt := range tests {
		f := Finding{Counts: tt.counts, Survivors: tt.kept}
		for i, n := range tt.counts[1:] {
			f.PerStep = append(f.PerStep, n-tt.counts[i])
		}
		if tt.requests > 0 {
			f.PerRequest = float64(tt.counts[len(tt.counts)-1]-tt.counts[0]) / float64(tt.requests*len(f.PerStep))
		}
		if got, why := judge(&f, tt.requests); got != tt.want {
			t.Errorf("%v of %d requests: %s (%s), want %s", tt.counts, tt.requests, got, why, tt.want)
		}
	}
}

func TestJudgeSize(t *testing.T) {
	const kept, replaced = false, true
	tests := []struct {
		steps    []int
		replaced bool
		want     Verdict
	}{
		{[]int{20_000}, kept, Healthy},
		{[]int{100_000}, kept, Undecided},
		{[]int{20_000, 20_000}, kept, Leaking},
		{[]int{4_000, 4_000}, replaced, Leaking}, // by the same
		{[]int{20_000, 900}, kept, Healthy},
		{[]int{20_000, 0}, kept, Undecided}, // in leaps
		{[]int{20_000, 0}, replaced, Healthy},
		{[]int{100_000, 0}, replaced, Undecided}, // it made room for twice as much
		{[]int{0, 50_000}, replaced, Undecided},
		{[]int{20_000, -20_000, 40_000}, kept, Healthy},
		{[]int{200_000, 20_000}, kept, Undecided}, // ever less
	}
	for _, tt := range tests {
		sizes := []int{100_000}
		for _, step := range tt.steps {
			sizes = append(sizes, sizes[len(sizes)-1]+step)
		}
		if got, why := judgeSize(&Finding{Counts: sizes, PerStep: tt.steps}, tt.replaced); got != tt.want {
			t.Errorf("%v: %s (%s), want %s", tt.steps, got, why, tt.want)
		}
	}
}
