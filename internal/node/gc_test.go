package node

import (
	"slices"
	"testing"
	"time"
)

// instances counts the living objects of a class, after a collection.
func instances(t *testing.T, p *Process, prototype string) int {
	t.Helper()
	var evaluated, objects, length struct {
		Result struct {
			ObjectID string
			Value    int
		}
		Objects struct{ ObjectID string }
	}
	call := func(method string, params map[string]any, out any) {
		if err := p.session.Call(t.Context(), method, params, out); err != nil {
			t.Fatal(err)
		}
	}
	const group = "instances"
	call("Runtime.evaluate", map[string]any{"expression": prototype, "objectGroup": group}, &evaluated)
	call("Runtime.queryObjects", map[string]any{"prototypeObjectId": evaluated.Result.ObjectID, "objectGroup": group}, &objects)
	call("Runtime.callFunctionOn", map[string]any{
		"objectId": objects.Objects.ObjectID, "functionDeclaration": "function () { return this.length; }", "returnByValue": true,
	}, &length)
	call("Runtime.releaseObjectGroup", map[string]any{"objectGroup": group}, nil)
	return length.Result.Value
}

const observers = "process.getBuiltinModule('perf_hooks').PerformanceObserver.prototype"

// ownCounts asks an observer of the program's own.
func ownCounts(t *testing.T, p *Process) (minor, major int) {
	t.Helper()
	var counts [2]int
	if err := p.Evaluate(t.Context(), "own()", &counts); err != nil {
		t.Fatal(err)
	}
	return counts[0], counts[1]
}

// TestWatchGC holds that collections are counted exactly, as an observer in the
// program itself counts them, which goes on afterwards.
func TestWatchGC(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		f := runApp(t, bin)
		p := attach(t, f.pid())
		if err := p.Evaluate(t.Context(), `
			globalThis.own = (() => {
				const counts = [0, 0];
				const add = (entries) => {
					for (const { detail: { kind } } of entries) if (kind === 1) counts[0]++; else if (kind === 4) counts[1]++;
				};
				const observer = new (process.getBuiltinModule('perf_hooks').PerformanceObserver)((list) => add(list.getEntries()));
				observer.observe({ entryTypes: ['gc'] });
				return () => { add(observer.takeRecords()); return counts; };
			})();
			void (globalThis.work = () => new Promise((done) => {
				for (let i = 0; i < 3e4; i++) new Array(1000).fill(i);
				setImmediate(done);
			}))`, nil); err != nil {
			t.Fatal(err)
		}
		w, err := p.WatchGC(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		minor, major := ownCounts(t, p)
		if _, err := w.Read(t.Context()); err != nil { // begins here
			t.Fatal(err)
		}
		minorThen, majorThen := ownCounts(t, p)
		for round := range 3 {
			if err := p.Evaluate(t.Context(), "void work()", nil); err != nil {
				t.Fatal(err)
			}
			for range 4 {
				if err := p.session.CollectGarbage(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			c, err := w.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			// What the engine collects between two of our questions is in one of
			// them only.
			minorNow, majorNow := ownCounts(t, p)
			if c.Minor.Count < max(1, minorNow-minorThen-2) || c.Minor.Count > minorNow-minor {
				t.Errorf("round %d: %d minor collections, of %d to %d", round, c.Minor.Count, minorNow-minorThen, minorNow-minor)
			}
			if c.Major.Count < max(4, majorNow-majorThen-1) || c.Major.Count > majorNow-major {
				t.Errorf("round %d: %d major collections, of %d to %d", round, c.Major.Count, majorNow-majorThen, majorNow-major)
			}
			if c.Span <= 0 || c.Share() <= 0 || c.Minor.Total <= 0 || c.Major.Longest <= 0 || c.Major.Longest > c.Major.Total || c.Major.Total > c.Span {
				t.Errorf("round %d: %+v", round, c)
			}
			minor, major, minorThen, majorThen = minorThen, majorThen, minorNow, majorNow
		}
		if err := w.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, before := ownCounts(t, p)
		if err := p.session.CollectGarbage(t.Context()); err != nil {
			t.Fatal(err)
		}
		get(t, f.url)
		if _, after := ownCounts(t, p); after <= before {
			t.Errorf("the program's own observer saw %d major collections, then %d", before, after)
		}
	})
}

// TestWatchGCLeavesNothing holds that no trace of a watch is left, when it was
// stopped and when we vanish.
func TestWatchGCLeavesNothing(t *testing.T) {
	const timers = "(() => { const t = setTimeout(() => {}); clearTimeout(t); return Object.getPrototypeOf(t); })()"
	eachNode(t, func(t *testing.T, bin string) {
		f := runApp(t, bin)
		p := attach(t, f.pid())
		names := func() (names []string) {
			if err := p.Evaluate(t.Context(), "Reflect.ownKeys(globalThis).map(String)", &names); err != nil {
				t.Fatal(err)
			}
			return names
		}
		if err := p.Run(t.Context(), "0"); err != nil { // the timer of the attachment is there
			t.Fatal(err)
		}
		instances(t, p, observers) // loads the module
		before, timersBefore := names(), instances(t, p, timers)
		// A turn of the event loop may still hold an object.
		gone := func(prototype string, most int, what string) {
			for range 1000 {
				if instances(t, p, prototype) <= most {
					return
				}
				time.Sleep(2 * time.Millisecond)
			}
			t.Errorf("%s is left", what)
		}
		// A watch begins when the code that runs is through, and is read after that.
		begun := func(w *GCWatch, err error) *GCWatch {
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Read(t.Context()); err != nil {
				t.Fatal(err)
			}
			return w
		}
		w := begun(p.WatchGC(t.Context()))
		if n := instances(t, p, observers); n != 1 {
			t.Fatalf("%d observers", n)
		}
		if err := w.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		gone(observers, 0, "the observer of a watch that was stopped")
		gone(timers, timersBefore, "its timer")
		if after := names(); !slices.Equal(before, after) {
			t.Errorf("globals %q, then %q", before, after)
		}

		w = begun(p.watchGC(t.Context(), 20*time.Millisecond))
		// What kill -9 does: no sign of life any more, nor a reference.
		w.lease.stop()
		if err := p.session.ReleaseObject(t.Context(), w.lease.object); err != nil {
			t.Fatal(err)
		}
		gone(observers, 0, "the observer of one who was killed")
		gone(timers, timersBefore, "their timer")
		get(t, f.url)
	})
}
