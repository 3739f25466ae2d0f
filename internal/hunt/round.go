package hunt

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

// Round is one round: what was sent and what was left behind.
type Round struct {
	Work
	Memory
	Stage Stage `json:"stage"`
}

// Stage is what a round is for.
type Stage string

// The stages. Snapshots leave half a megabyte behind: rates leave them out.
const (
	First  Stage = "first"  // for the rates
	Naming Stage = "naming" // between two snapshots
	Again  Stage = "again"  // for the rates after the snapshots
)

const (
	roundTime   = 2 * time.Second // of work, when the plan does not say how much
	fewest      = 100
	most        = 1000
	mostLeft    = 128e6 // bytes, by all rounds
	calmTimeout = 10 * time.Second
)

// warmUp lets the program load what it loads once, and finds out how many
// requests make a round.
func (h *hunter) warmUp(ctx context.Context) error {
	h.begin("warm up")
	before, err := h.process.Collect(ctx)
	if err != nil {
		return err
	}
	n, limit := h.plan.Warmup, time.Duration(0)
	switch {
	case n != 0:
	case h.plan.Drive.Command != "":
		n = h.plan.Requests
	default:
		n, limit = defaultWarmup, longestWarmup
	}
	var work Work
	if n > 0 {
		if work, err = h.drive(ctx, n, limit); err != nil {
			return err
		}
	}
	if h.plan.Requests == 0 {
		after, err := h.process.Collect(ctx)
		if err != nil {
			return err
		}
		h.plan.Requests = h.chooseRequests(work, before.After, after.After)
	}
	h.result.Warmup = work
	if h.plan.unit == "request" {
		h.end("%s; a round is %s", work.sentence(), plural(h.plan.Requests, "request"))
	} else {
		h.end("%s", work.sentence())
	}
	if status, all := work.refused(); all {
		h.note("the program answered every request with status %d: is the address right? (%s)", status, h.result.Program.URL)
	}
	return nil
}

// chooseRequests is how many are answered in two seconds, but fewer where what
// they leave behind would fill the memory before the end of the hunt, or make
// snapshots that take minutes.
func (h *hunter) chooseRequests(work Work, before, after node.Memory) int {
	n := most
	if work.Requests == 0 {
		return n
	}
	n = min(max(int(float64(work.Requests)/work.Seconds*roundTime.Seconds()), fewest), most)
	held := func(m node.Memory) float64 { return float64(m.HeapUsed + m.External) }
	grown := (held(after) - held(before)) / float64(work.Requests)
	room := min(float64(after.HeapLimit)/4, mostLeft)
	rounds := float64(h.plan.Rounds + 1 + namingRounds)
	if room > 0 && grown*float64(n)*rounds > room {
		n = max(int(room/grown/rounds), fewest/5)
	}
	return n
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
		idle, err := h.idle(ctx)
		if err != nil {
			return err
		}
		if idle || !sleep(ctx, poll) {
			break
		}
	}
	return context.Cause(ctx)
}

func (h *hunter) idle(ctx context.Context) (bool, error) {
	for _, p := range h.attached {
		if idle, err := p.Idle(ctx); err == nil && !idle {
			return false, nil
		}
	}
	idle, err := h.process.Idle(ctx)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return idle, err
}

// lookIdle finds the threads and learns by how much their memory varies when
// nothing is asked of them.
func (h *hunter) lookIdle(ctx context.Context) error {
	h.begin("idle")
	h.findThreads(ctx)
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
	h.end("heap %s, outside %s", size(total.Objects()), size(total.External))
	return nil
}

// settle is a round that does not count: collections throw away what the next
// requests make anew, once.
func (h *hunter) settle(ctx context.Context) error {
	h.result.Start = h.result.Idle[len(h.result.Idle)-1]
	if h.plan.Warmup < 0 {
		for _, t := range h.threads {
			t.samples = append(t.samples, t.idle[len(t.idle)-1])
		}
		return nil
	}
	h.begin("settle")
	if err := h.round(ctx, First); err != nil {
		return err
	}
	first := h.result.Rounds[0]
	h.result.Warmup.add(first.Work)
	h.result.Start, h.result.Rounds = first.Memory, nil
	h.end("%s, heap %s, outside %s", first.sentence(), size(first.Objects()), size(first.External))
	return nil
}

// watch does the rounds from which the rates come.
func (h *hunter) watch(ctx context.Context) error {
	if err := h.rounds(ctx, 1, h.plan.Rounds, First); err != nil {
		return err
	}
	h.rate()
	if !h.result.Rates.Objects.vague(h.plan.Requests) || h.nearLimit(h.lastMemory()) {
		return nil
	}
	err := h.rounds(ctx, h.plan.Rounds+1, h.plan.Rounds+vagueRounds, First)
	h.rate()
	return err
}

// vagueRounds are added when one jump of the engine blurs the rate.
const vagueRounds = 3

// watchAgain does as many rounds once more, when memory grew but nothing was
// named: what engines and caches add gets less and less, a leak does not.
func (h *hunter) watchAgain(ctx context.Context) error {
	first, counted := len(h.result.at(First)), len(h.result.at(Again))
	if err := h.rounds(ctx, first+counted+1, first+h.plan.Rounds, Again); err != nil {
		return err
	}
	again := h.weigh(Again)
	h.result.Again = &again
	return nil
}

func (h *hunter) rounds(ctx context.Context, from, to int, stage Stage) error {
	for i := from; i <= to; i++ {
		if err := h.numbered(ctx, i, to, stage); err != nil {
			return err
		}
		if h.nearLimit(h.lastMemory()) && i < to {
			h.note("the heap is near its limit of %s: the rest of the rounds is left out", size(h.limit))
			break
		}
	}
	return nil
}

// numbered is round i of those that are told of.
func (h *hunter) numbered(ctx context.Context, i, of int, stage Stage) error {
	h.begin("round " + strconv.Itoa(i) + "/" + strconv.Itoa(of))
	before := h.lastMemory()
	if err := h.round(ctx, stage); err != nil {
		return err
	}
	now := h.lastMemory()
	last := h.result.Rounds[len(h.result.Rounds)-1]
	h.end("%s, heap %s, outside %s", last.sentence(), grown(now.Objects(), before.Objects()), grown(now.External, before.External))
	return nil
}

// round drives once and samples every thread.
func (h *hunter) round(ctx context.Context, stage Stage) error {
	work, err := h.drive(ctx, h.plan.Requests, 0)
	if err != nil {
		return err
	}
	r := Round{Work: work, Stage: stage}
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
	return h.result.Start
}

// nearLimit says whether the next rounds could end in "out of memory", and a
// snapshot in one even sooner.
func (h *hunter) nearLimit(m Memory) bool {
	return h.limit > 0 && float64(m.HeapUsed) > 0.6*float64(h.limit)
}

// rate weighs the rounds so far.
func (h *hunter) rate() {
	if len(h.result.Rounds) == 0 {
		return
	}
	h.result.Rates = h.weigh(First)
}

func (h *hunter) weigh(stage Stage) Rates {
	r := rates(h.result.Idle, h.result.requests(stage), h.result.memory(stage))
	for _, one := range []*Rate{&r.Kept, &r.Objects, &r.External, &r.RSS} {
		one.unit = h.plan.unit
	}
	return r
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
