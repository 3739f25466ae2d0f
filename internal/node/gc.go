package node

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Collections are the garbage collections of a thread over a span of time, by
// V8's kinds. Each is counted once, in the span in which the program learns of
// it: that of its next turn of the event loop.
type Collections struct {
	Span        float64 `json:"span"`        // milliseconds
	Minor       Pauses  `json:"minor"`       // of the young generation: scavenges
	Major       Pauses  `json:"major"`       // of the whole heap: mark, sweep, compact
	Incremental Pauses  `json:"incremental"` // beginnings of marking in small steps, for a major one
	Weak        Pauses  `json:"weak"`        // calls to those who wait for an object to be gone
}

// Pauses are times for which a thread stood still, in milliseconds.
type Pauses struct {
	Count   int     `json:"count"`
	Total   float64 `json:"total"`
	Longest float64 `json:"longest"`
}

func (p Pauses) plus(other Pauses) Pauses {
	return Pauses{p.Count + other.Count, p.Total + other.Total, max(p.Longest, other.Longest)}
}

// Full are the major collections with what belongs to them, the incremental and
// the weak pauses.
func (c *Collections) Full() Pauses {
	full := c.Major.plus(c.Incremental).plus(c.Weak)
	full.Count = c.Major.Count
	return full
}

// Share is the part of the span that the thread spent in all pauses, 0 to 1.
func (c *Collections) Share() float64 {
	if c.Span <= 0 {
		return 0
	}
	return min(1, (c.Minor.Total+c.Full().Total)/c.Span)
}

// GCWatch counts the garbage collections of a thread, with a PerformanceObserver
// in it, under a lease.
type GCWatch struct {
	thread *Thread
	lease  *lease
}

// gcSource is the observer. The kinds are those of performanceEntry.detail.kind;
// 2 is a minor collection, too, with --minor-ms.
const gcSource = `(() => {
  const kinds = { 1: 'minor', 2: 'minor', 4: 'major', 8: 'incremental', 16: 'weak' };
  let start, sums;
  const begin = (at) => {
    start = at;
    sums = {};
    for (const kind of Object.values(kinds)) sums[kind] = { count: 0, total: 0, longest: 0 };
  };
  const add = (entries) => {
    for (const { detail: { kind }, duration } of entries) {
      const sum = sums[kinds[kind]];
      if (!sum) continue;
      sum.count++;
      sum.total += duration;
      sum.longest = Math.max(sum.longest, duration);
    }
  };
  let performance, observer;
  return {
    start() {
      const hooks = ` + builtin + `('perf_hooks');
      performance = hooks.performance;
      begin(performance.now());
      const o = new hooks.PerformanceObserver((list) => add(list.getEntries()));
      o.observe({ entryTypes: ['gc'] });
      observer = o;
    },
    end() { observer.disconnect(); },
    // Node.js tells of a collection in the next turn of the event loop, before
    // this runs.
    read: () => new Promise((done, fail) => ` + later + `(() => observer ? setImmediate(() => {
      add(observer.takeRecords());
      const now = performance.now(), micro = (ms) => Math.round(ms * 1000) / 1000;
      for (const sum of Object.values(sums)) [sum.total, sum.longest] = [micro(sum.total), micro(sum.longest)];
      done({ span: micro(now - start), ...sums });
      begin(now);
    }) : fail(new Error('collections cannot be watched')))),
  };
})()`

// gcState says whether collections can be watched here, or not yet.
const gcState = `(() => {
  if (!globalThis.process || !process.versions || !process.versions.v8) return 'no';
  if (` + loading + `) return 'loading';
  return ` + builtin + `('perf_hooks').PerformanceObserver.supportedEntryTypes.includes('gc') ? 'yes' : 'no';
})()`

// WatchGC begins to count collections. A page, and a runtime that does not tell
// of them, is [ErrUnsupported]. It costs the program some microseconds for each
// collection, and ends by itself some seconds after we are gone.
func (t *Thread) WatchGC(ctx context.Context) (*GCWatch, error) { return t.watchGC(ctx, leaseTick) }

func (t *Thread) watchGC(ctx context.Context, tick time.Duration) (*GCWatch, error) {
	op := t.op("watch garbage collections of")
	for state := "loading"; state != "yes"; {
		if err := t.session.Evaluate(ctx, gcState, &state); err != nil {
			return nil, explain(op, err)
		}
		switch {
		case state == "no":
			return nil, &Error{op, fmt.Errorf("%w: it does not tell of them", ErrUnsupported), "watch a Node.js program"}
		case state == "loading" && !pause(ctx):
			return nil, fmt.Errorf("%s: %w", op, ctx.Err())
		}
	}
	l, err := startLease(ctx, t.session, gcSource, tick)
	if err != nil {
		return nil, explain(op, err)
	}
	return &GCWatch{t, l}, nil
}

// Read returns the collections since the last Read, or since the beginning.
func (w *GCWatch) Read(ctx context.Context) (Collections, error) {
	var c Collections
	err := w.lease.session.AwaitFunctionOn(ctx, w.lease.object, "function () { return this.thing.read(); }", &c)
	return c, explain(w.thread.op("watch garbage collections of"), err)
}

// Stop removes the observer from the thread.
func (w *GCWatch) Stop(ctx context.Context) error {
	w.lease.stop()
	err := w.lease.end(ctx)
	if err == nil {
		err = w.lease.session.ReleaseObject(ctx, w.lease.object) // else it stays until we leave
	}
	err = explain(w.thread.op("stop watching garbage collections of"), err)
	if errors.Is(err, ErrGone) {
		return nil // and it with the program, or soon by itself
	}
	return err
}
