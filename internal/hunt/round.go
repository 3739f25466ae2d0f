package hunt

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// Round is one round: what was sent and what was left behind.
type Round struct {
	Work
	Memory
	// Naming rounds have snapshots around them, which the rates leave out.
	Naming bool `json:"naming,omitempty"`
}

const (
	roundTime   = 2 * time.Second // of work, when the plan does not say how much
	fewest      = 100
	most        = 1000
	calmTimeout = 10 * time.Second
)

// warmUp lets the program load what it loads once, and finds out how many
// requests make a round.
func (h *hunter) warmUp(ctx context.Context) error {
	h.begin("warm up")
	n := h.plan.Warmup
	var work Work
	if n >= 0 {
		limit := time.Duration(0)
		switch {
		case n > 0:
		case h.plan.Drive.Command != "":
			n = h.plan.Requests
		default:
			n, limit = defaultWarmup, longestWarmup
		}
		var err error
		if work, err = h.drive(ctx, n, limit); err != nil {
			return err
		}
	}
	if h.plan.Requests == 0 {
		h.plan.Requests = most
		if work.Requests > 0 {
			h.plan.Requests = int(float64(work.Requests) / work.Seconds * roundTime.Seconds())
			h.plan.Requests = min(max(h.plan.Requests, fewest), most)
		}
	}
	h.result.Warmup = work
	h.end("%s; a round is %s", work.sentence(), plural(h.plan.Requests, "request"))
	if status, all := work.refused(); all {
		h.note("the program answered every request with status %d: is the address right? (%s)", status, h.result.Program.URL)
	}
	return nil
}

// drive makes the program work and waits until it is calm again.
func (h *hunter) drive(ctx context.Context, n int, limit time.Duration) (Work, error) {
	work, err := h.driver.drive(ctx, n, limit, func(done int64) {
		h.plan.Progress(Event{Phase: h.phase, Done: done, Total: int64(n)})
	})
	if err != nil {
		return work, err
	}
	if work.Requests == 0 {
		return work, &UnreachableError{Work: work, URL: h.result.Program.URL}
	}
	return work, h.calm(ctx)
}

// calm waits until the program answers no request any more. One that never
// ends (a stream) is not waited for longer than ten seconds.
func (h *hunter) calm(ctx context.Context) error {
	deadline := time.Now().Add(calmTimeout)
	for time.Now().Before(deadline) {
		idle, err := h.process.Idle(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return err
		}
		if idle || !sleep(ctx, poll) {
			break
		}
	}
	return context.Cause(ctx)
}

// lookIdle finds the threads and learns by how much their memory varies when
// nothing is asked of them.
func (h *hunter) lookIdle(ctx context.Context) error {
	h.begin("idle")
	if err := h.findThreads(ctx); err != nil {
		return err
	}
	var total Memory
	for range idleRounds {
		total = Memory{}
		for _, t := range h.threads {
			m, limit, err := t.sample(ctx)
			if err != nil {
				return err
			}
			t.idle = append(t.idle, m)
			total = total.plus(m)
			if t.name == "" {
				h.limit = limit
			}
		}
		h.result.Idle = append(h.result.Idle, total)
	}
	for _, t := range h.threads {
		t.samples = append(t.samples, t.idle[len(t.idle)-1])
	}
	h.end("%s of objects, %s outside the heap", size(total.Objects()), size(total.External))
	return nil
}

// findThreads lists the main thread and the workers.
func (h *hunter) findThreads(ctx context.Context) error {
	h.threads = []*thread{newThread(h.process.Thread)}
	workers, err := h.process.Workers(ctx)
	if err != nil {
		return nil //nolint:nilerr // not every runtime has them
	}
	for _, w := range workers {
		h.threads = append(h.threads, newThread(w))
	}
	return nil
}

// watch does the rounds from which the rates come.
func (h *hunter) watch(ctx context.Context) error {
	for i := 1; i <= h.plan.Rounds; i++ {
		h.begin("round " + strconv.Itoa(i) + "/" + strconv.Itoa(h.plan.Rounds))
		before := h.lastMemory()
		if err := h.round(ctx, false); err != nil {
			return err
		}
		now := h.lastMemory()
		h.end("%s, objects %s (%s), outside %s (%s)", h.result.Rounds[i-1].sentence(),
			size(now.Objects()), change(now.Objects(), before.Objects()), size(now.External), change(now.External, before.External))
		if h.nearLimit(now) && i < h.plan.Rounds {
			h.note("the heap is near its limit of %s: the rest of the rounds is left out", size(h.limit))
			break
		}
	}
	h.rate()
	return nil
}

// round drives once and samples every thread.
func (h *hunter) round(ctx context.Context, naming bool) error {
	work, err := h.drive(ctx, h.plan.Requests, 0)
	if err != nil {
		return err
	}
	r := Round{Work: work, Naming: naming}
	alive := h.threads[:0:0]
	for _, t := range h.threads {
		m, _, err := t.sample(ctx)
		if err != nil {
			if t.name != "" && ctx.Err() == nil {
				h.note("%s has ended and is left out", t.name)
				continue
			}
			return err
		}
		t.samples = append(t.samples, m)
		r.Memory = r.Memory.plus(m)
		alive = append(alive, t)
	}
	h.threads = alive
	h.result.Rounds = append(h.result.Rounds, r)
	return nil
}

func (h *hunter) lastMemory() Memory {
	if n := len(h.result.Rounds); n > 0 {
		return h.result.Rounds[n-1].Memory
	}
	return h.result.Idle[len(h.result.Idle)-1]
}

// nearLimit says whether the next rounds could end in "out of memory", and a
// snapshot in one even sooner.
func (h *hunter) nearLimit(m Memory) bool {
	return h.limit > 0 && float64(m.HeapUsed) > 0.6*float64(h.limit)
}

// rate weighs the rounds so far.
func (h *hunter) rate() {
	if len(h.result.Idle) == 0 {
		return
	}
	h.result.Rates = rates(h.result.Idle, h.result.requests(), h.result.memory())
}

// UnreachableError is a program that answered no request at all.
type UnreachableError struct {
	URL  string
	Work Work
}

func (e *UnreachableError) Error() string {
	text := fmt.Sprintf("load %s: no request was answered", or(e.URL, "the program"))
	if len(e.Work.Errors) > 0 {
		first := e.Work.Errors[0]
		text += fmt.Sprintf(": %s (%d times): %s", first.Kind, first.Count, first.Example)
	}
	return text
}
