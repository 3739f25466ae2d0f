package diagnosis

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

// calls is the asking side of a watch.
type calls chan Call

type answered struct {
	finding *Finding
	err     error
}

// ask waits for the answer.
func (c calls) ask(t *testing.T, why string) answered {
	t.Helper()
	got := make(chan answered, 1)
	call := Call{why, func(f *Finding, err error) { got <- answered{f, err} }}
	select {
	case c <- call:
		return <-got
	case <-time.After(time.Minute):
		t.Fatal("nobody answers")
		return answered{}
	}
}

// askLater asks until there is a baseline.
func (c calls) askLater(t *testing.T, why string) answered {
	t.Helper()
	for {
		if a := c.ask(t, why); !errors.Is(a.err, ErrNoBaseline) {
			return a
		}
	}
}

// watchWith watches until the end of the test, or of what done gives.
func watchWith(t *testing.T, p *node.Process, store *Store, opts Options) (done <-chan answered) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan answered, 1)
	over := make(chan struct{})
	go func() {
		defer close(over)
		f, err := Watch(ctx, p, store, opts)
		ended <- answered{f, err}
	}()
	t.Cleanup(func() { cancel(); <-over })
	return ended
}

// TestCalls asks twice, and then the alarm goes off all the same: all three findings
// have the one baseline.
func TestCalls(t *testing.T) {
	if testing.Short() {
		t.Skip("four snapshots take minutes under the race detector on a busy machine")
	}
	p := start(t, grows)
	store := newStore(t, Budget{})
	asked := make(calls)
	var used atomic.Uint64
	done := watchWith(t, p, store, Options{
		App: "api", Bytes: 1 << 30, Every: tick, Calls: asked, Compare: compared(t, nil),
		Level: func(context.Context) (Level, error) { return Level{Of: levelOfRSS, Used: used.Load()}, nil },
	})
	grow := func() { // as much as is needed for a snapshot
		t.Helper()
		before, err := p.Memory(t.Context())
		for now := before; err == nil && now.HeapUsed < before.HeapUsed+4*leastGrowth; time.Sleep(tick) {
			now, err = p.Memory(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	asked.askLater(t, "is there a baseline?") // now there is
	var found []*Finding
	for _, why := range []string{"an alert", "another alert"} {
		grow()
		a := asked.ask(t, why)
		if a.err != nil {
			t.Fatal(a.err)
		}
		if a.finding.Alarm.Cause != CalledFor || a.finding.Alarm.Text != why || a.finding.Result == nil {
			t.Errorf("finding %+v", a.finding)
		}
		found = append(found, a.finding)
	}
	grow()
	used.Store(2 << 30)
	last := <-done
	if last.err != nil || last.finding == nil || last.finding.Alarm.Cause != MarkPassed {
		t.Fatalf("the alarm found %+v, %v", last.finding, last.err)
	}
	for _, f := range append(found, last.finding) {
		kept, err := store.Find(f.ID)
		if err != nil || len(kept.Files()) != 2 || !kept.Baseline.Time.Equal(last.finding.Baseline.Time) {
			t.Errorf("kept %+v, %v", kept, err)
		}
		for _, file := range kept.Files() {
			if _, err := os.Stat(file); err != nil {
				t.Error(err)
			}
		}
	}
	if left, _ := filepath.Glob(filepath.Join(store.dir, stagePrefix+"*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestCallsRefused has the answers that cost the program no snapshot.
func TestCallsRefused(t *testing.T) {
	p := start(t, idle)
	store := newStore(t, Budget{})
	early := make(calls)
	watchWith(t, p, store, Options{WarmUp: time.Hour, Calls: early, Compare: compared(t, nil)})
	if a := early.ask(t, "an alert"); !errors.Is(a.err, ErrNoBaseline) || !strings.Contains(a.err.Error(), "it is taken in ") {
		t.Errorf("before the baseline: %+v", a)
	}
	idle := make(calls)
	watchWith(t, p, store, Options{Every: time.Hour, Calls: idle, Compare: compared(t, nil)})
	if a := idle.askLater(t, "an alert"); !errors.Is(a.err, ErrNotGrown) {
		t.Errorf("of a program that has not grown: %+v, %v", a.finding, a.err)
	}
	if all, err := store.List(); err != nil || len(all) > 0 {
		t.Errorf("kept %v, %v", all, err)
	}
}

// TestCallsKeepWhatCannotBeCompared has the snapshots stay when the comparison fails.
func TestCallsKeepWhatCannotBeCompared(t *testing.T) {
	p := start(t, grows)
	store := newStore(t, Budget{})
	asked := make(calls)
	watchWith(t, p, store, Options{Every: time.Hour, Calls: asked, Compare: compared(t, errors.New("no memory left"))})
	a := asked.askLater(t, "an alert")
	for errors.Is(a.err, ErrNotGrown) {
		a = asked.ask(t, "an alert")
	}
	if a.err != nil {
		t.Fatal(a.err)
	}
	if a.finding.Problem != "no memory left" || len(a.finding.Files()) != 2 {
		t.Errorf("%+v", a)
	}
}
