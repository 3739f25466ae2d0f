package hunt

import (
	"cmp"
	"context"
	"errors"

	"github.com/plumb-dev/plumb/internal/leak"
)

// name takes snapshots around further rounds and finds what grows in them. V8
// numbers its objects anew whenever a debugger leaves; when another one did so
// meanwhile, the snapshots cannot be compared and are taken again.
func (h *hunter) name(ctx context.Context) error {
	threads := h.suspects()
	for range mostTries - 1 {
		err := h.nameOnce(ctx, threads)
		var order *leak.OrderError
		if !errors.As(err, &order) && !errors.Is(err, errRenumbered) {
			return err
		}
		h.note("another debugger left the program meanwhile: the snapshots are taken again")
		h.result.Files = nil
		for _, t := range threads {
			t.snapshots, t.witness = nil, nil
		}
	}
	if err := h.nameOnce(ctx, threads); !errors.Is(err, errRenumbered) {
		return err
	}
	return ErrDisturbed
}

// mostTries to take snapshots that can be compared.
const mostTries = 3

// ErrDisturbed is a program that other debuggers come to and leave all the time.
var ErrDisturbed = errors.New("compare snapshots: other debuggers leave the program all the time, at which V8 numbers its objects anew")

var errRenumbered = errors.New("another debugger left")

// checkNumbers says whether the objects of all threads still have the ids of the
// first snapshot.
func (h *hunter) checkNumbers(ctx context.Context, threads []*thread) error {
	for _, t := range threads {
		if t.witness == nil {
			continue
		}
		if id, err := t.witness.ID(ctx); err != nil || id != t.number {
			return cmp.Or(err, errRenumbered)
		}
	}
	return nil
}
