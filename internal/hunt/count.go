package hunt

import (
	"context"
	"slices"
	"time"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/node"
)

const (
	// countRounds are enough to see whether exact counts grow steadily.
	countRounds = 3
	// probe is how many requests show what does not grow at all: libraries have
	// many tables of numbers.
	probe = 200
	// findTime is how long the containers may be looked for: V8 walks the whole
	// heap for each.
	findTime = 3 * time.Second
)

// asked is a container whose members the program counts for us.
type asked struct {
	thread    *thread
	i         int // in the thread's uncounted findings
	container *node.Container
	counts    []int
	member    string // their type
}

// count asks the program how many members those containers have that snapshots
// do not count, after each of some rounds, and weighs them.
func (h *hunter) count(ctx context.Context, threads []*thread) error {
	open := func(t *thread) bool { return len(t.found.Uncounted) > 0 }
	if h.nearLimit(h.lastMemory()) || !slices.ContainsFunc(threads, open) {
		return nil
	}
	if err := h.checkNumbers(ctx, threads); err != nil {
		return err
	}
	var all []*asked
	defer func() {
		for _, a := range all {
			_ = a.container.Release(context.WithoutCancel(ctx)) // or with the connection
		}
	}()
	h.begin("count")
	start := time.Now()
	for _, t := range threads {
		for i, f := range t.found.Uncounted {
			if time.Since(start) > findTime {
				break
			}
			container, err := t.Container(ctx, f.Container.ID)
			if err != nil {
				continue // it is gone
			}
			all = append(all, &asked{thread: t, i: i, container: container})
		}
	}
	if err := ask(ctx, all); err != nil {
		return err
	}
	if _, err := h.drive(ctx, min(h.plan.Requests, probe), 0); err != nil {
		return err
	}
	if err := ask(ctx, all); err != nil {
		return err
	}
	var growing []*asked
	for _, a := range all {
		if a.counts[1] > a.counts[0] {
			a.counts = a.counts[1:]
			growing = append(growing, a)
		}
	}
	h.end("%s of numbers and the like, %d growing", plural(len(all), "container"), len(growing))
	first := len(h.result.at(First))
	for i := range countRounds {
		if len(growing) == 0 {
			break
		}
		if err := h.numbered(ctx, first+i+1, first+countRounds, Again); err != nil {
			return err
		}
		if err := ask(ctx, growing); err != nil {
			return err
		}
	}
	for _, a := range all {
		a.thread.found.Recount(a.i, a.counts, a.member)
	}
	h.joinFound(threads)
	return nil
}

// ask counts the members of all.
func ask(ctx context.Context, all []*asked) error {
	for _, a := range all {
		m, err := a.container.Members(ctx)
		if err != nil {
			return err
		}
		a.counts, a.member = append(a.counts, m.Count), m.Type
	}
	return nil
}

// waits says whether a finding of a thread is undecided until its members are
// counted.
func (t *thread) waits(f leak.Finding) bool {
	return slices.ContainsFunc(t.found.Uncounted, func(other leak.Finding) bool { return other.Container.ID == f.Container.ID })
}
