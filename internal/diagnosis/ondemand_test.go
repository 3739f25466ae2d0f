package diagnosis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

// serve serves calls until the end of the test, and returns how often it has been
// connected and let go.
func serve(t *testing.T, d *Demand, p *node.Process) (connected, released func() int) {
	t.Helper()
	var ins, outs []string
	if d.Connect == nil {
		d.Connect = func(context.Context) (*node.Process, func(), error) {
			ins = append(ins, "")
			return p, func() { outs = append(outs, "") }, nil
		}
	}
	d.Over = p.Done()
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		d.Serve(ctx)
	}()
	end := func() { cancel(); <-over }
	t.Cleanup(end)
	return func() int { end(); return len(ins) }, func() int { end(); return len(outs) }
}

// TestDemand has two calls make a finding, of which the first takes the snapshot that
// the other one's is compared with.
func TestDemand(t *testing.T) {
	if testing.Short() {
		t.Skip("snapshots take minutes under the race detector on a busy machine")
	}
	p := start(t, grows)
	store := newStore(t, Budget{})
	asked := make(calls)
	connected, released := serve(t, &Demand{
		Options: Options{App: "api", Every: tick, Calls: asked, Compare: compared(t, nil)}, Store: store,
	}, p)
	a := asked.ask(t, "an alert")
	var later *Later
	if !errors.Is(a.err, ErrEarly) || !errors.As(a.err, &later) || later.In <= 0 || later.In > nextLook {
		t.Fatalf("at first: %+v, %v", a.finding, a.err)
	}
	first := a.err.Error()
	for errors.Is(a.err, ErrEarly) {
		if a.err.Error() != first {
			t.Fatalf("it said %q, and says %q", first, a.err)
		}
		time.Sleep(tick)
		a = asked.ask(t, "the same alert")
	}
	if a.err != nil {
		t.Fatal(a.err)
	}
	f := a.finding
	if f.Alarm.Cause != CalledFor || f.Alarm.Text != "the same alert" || f.Result == nil || len(f.Files()) != 2 {
		t.Errorf("finding %+v", f)
	}
	if grown := held(f.Last.Memory) - held(f.Baseline.Memory); grown < enough/2 {
		t.Errorf("the snapshots are %d bytes apart", grown)
	}
	if kept, err := store.Find(f.ID); err != nil || len(kept.Files()) != 2 {
		t.Errorf("kept %+v, %v", kept, err)
	}
	if connected() != 1 || released() != 1 {
		t.Errorf("connected %d times, let go %d times", connected(), released())
	}
}

// TestDemandRefuses has nothing taken from a program that cannot be reached, and asks
// nobody to hurry where nothing grows.
func TestDemandRefuses(t *testing.T) {
	p := start(t, idle)
	store := newStore(t, Budget{})
	t.Run("unreachable", func(t *testing.T) {
		asked := make(calls)
		gone := errors.New("no way in")
		serve(t, &Demand{Options: Options{Calls: asked}, Store: store, Connect: func(context.Context) (*node.Process, func(), error) {
			return nil, nil, gone
		}}, p)
		for range 2 {
			if a := asked.ask(t, "an alert"); !errors.Is(a.err, gone) {
				t.Errorf("%+v", a)
			}
		}
	})
	t.Run("idle", func(t *testing.T) {
		w := newWatch(p, store, Options{})
		w.apart = time.Nanosecond
		var err error
		if w.stage, err = store.begin(); err != nil {
			t.Fatal(err)
		}
		defer w.stage.drop()
		if err := w.baseline(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.finding.Baseline.Time = time.Now().Add(-time.Hour)
		_, err = w.answer(t.Context(), "an alert")
		var later *Later
		if !errors.Is(err, ErrNotGrown) || !errors.As(err, &later) || later.In < time.Hour {
			t.Errorf("%v, later %+v", err, later)
		}
	})
	if all, err := store.List(); err != nil || len(all) > 0 {
		t.Errorf("kept %v, %v", all, err)
	}
}

// TestDemandLetsGo has the connection and the first snapshot held for a while only.
func TestDemandLetsGo(t *testing.T) {
	p := start(t, idle)
	store := newStore(t, Budget{})
	asked := make(calls)
	released := make(chan struct{}, 2)
	serve(t, &Demand{
		Options: Options{Calls: asked}, Store: store, Hold: time.Nanosecond,
		Connect: func(context.Context) (*node.Process, func(), error) { return p, func() { released <- struct{}{} }, nil },
	}, p)
	for range 2 {
		if a := asked.ask(t, "an alert"); !errors.Is(a.err, ErrEarly) || !strings.Contains(fmt.Sprint(a.err), "the first was taken at ") {
			t.Errorf("%+v", a)
		}
		<-released
	}
	if left, err := store.List(); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
