package hunt

import (
	"context"
	"slices"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/node"
)

// countRounds are enough to see whether exact counts grow steadily.
const countRounds = 3

// asked is a container whose members the program counts for us.
type asked struct {
	thread    *thread
	i         int // in the thread's uncounted findings
	container *node.Container
	counts    []int
}

// count asks the program how many members those containers have that snapshots
// do not count, after each of some rounds, and weighs them.
func (h *hunter) count(ctx context.Context, threads []*thread) error {
	if err := h.checkNumbers(ctx, threads); err != nil {
		return err
	}
	var all []*asked
	defer func() {
		for _, a := range all {
			_ = a.container.Release(context.WithoutCancel(ctx)) // or with the connection
		}
	}()
	for _, t := range threads {
		for i, f := range t.found.Uncounted {
			container, err := t.Container(ctx, f.Container.ID)
			if err != nil {
				continue // it is gone, or another debugger was here
			}
			all = append(all, &asked{thread: t, i: i, container: container})
		}
	}
	if len(all) == 0 || h.nearLimit(h.lastMemory()) {
		return nil
	}
	ask := func() error {
		for _, a := range all {
			n, err := a.container.Len(ctx)
			if err != nil {
				return err
			}
			a.counts = append(a.counts, n)
		}
		return nil
	}
	if err := ask(); err != nil {
		return err
	}
	done := len(h.result.at(First))
	for i := range countRounds {
		if err := h.numbered(ctx, done+i+1, done+countRounds, Again); err != nil {
			return err
		}
		if err := ask(); err != nil {
			return err
		}
	}
	for _, a := range all {
		a.thread.found.Recount(a.i, a.counts)
	}
	h.joinFound(threads)
	return nil
}

// waits says whether a finding of a thread is undecided until its members are
// counted.
func (t *thread) waits(f leak.Finding) bool {
	return slices.ContainsFunc(t.found.Uncounted, func(other leak.Finding) bool { return other.Container.ID == f.Container.ID })
}
