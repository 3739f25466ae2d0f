package diagnosis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

// Demand is a program that stands still for no snapshot before one is called for.
type Demand struct {
	Options // those of the alarm are not used

	// Connect connects to the program for as long as snapshots of it are to be
	// compared.
	Connect func(context.Context) (p *node.Process, release func(), err error)
	Store   *Store
	// Hold is how long the connection and the first snapshot are held; 0 for as long as
	// the program runs.
	Hold time.Duration
	// Over says that the program has ended.
	Over <-chan struct{}
}

const (
	// apart is the time between two snapshots after which a slow leak shows.
	apart = 5 * time.Minute
	// nextLook is when to look for growth again.
	nextLook = time.Minute
	// enough is the growth that shows a leak earlier.
	enough = 16 * leastGrowth
)

// ErrEarly says that the first snapshot was taken not long ago.
var ErrEarly = errors.New("too early for a second snapshot")

// Later is what time mends: the call may be made again then.
type Later struct {
	Err error
	In  time.Duration
}

func (l *Later) Error() string { return l.Err.Error() }
func (l *Later) Unwrap() error { return l.Err }

// Serve answers calls until the program has ended, or ctx: the first with the promise
// of a second snapshot, and those that come some time later with a finding.
func (d *Demand) Serve(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.Over:
			return
		case call := <-d.Calls:
			if err := d.begin(ctx, call); err != nil {
				call.Answer(nil, err)
			}
		}
	}
}

// begin takes the first snapshot for a call, and answers those that follow. The error
// is the answer to the first.
func (d *Demand) begin(ctx context.Context, call Call) error {
	p, release, err := d.Connect(ctx)
	if err != nil {
		return err
	}
	defer release()
	w := newWatch(p, d.Store, d.Options)
	w.apart = apart
	if w.stage, err = d.Store.begin(); err != nil {
		return err
	}
	defer w.stage.drop()
	w.Say(call.Why)
	if err := w.baseline(ctx); err != nil {
		return err
	}
	call.Answer(nil, w.early())
	if d.Hold > 0 {
		w.until = time.After(d.Hold)
	}
	if _, err := w.wait(ctx); w.unlessOver(ctx, err) != nil {
		w.Say(fmt.Sprintf("the first snapshot of %s is of no use any more: %v", w.finding.App, err))
	}
	return nil
}

// early words that the first snapshot is young.
func (w *watch) early() error {
	from := w.finding.Baseline.Time.Add(w.apart)
	return &Later{
		fmt.Errorf("%w: the first was taken at %s, the second is due at %s, or when %s more is held",
			ErrEarly, w.finding.Baseline.Time.Local().Format(time.TimeOnly), from.Local().Format(time.TimeOnly), size(w.growth())),
		min(time.Until(from), nextLook),
	}
}

func (w *watch) growth() uint64 { return max(enough, w.held/10) }

// due tells whether the time for a second snapshot has come: nil, or why not.
func (w *watch) due(ctx context.Context) error {
	if time.Since(w.finding.Baseline.Time) >= w.apart {
		return nil
	}
	memory, err := w.program.Memory(ctx)
	if err == nil && held(memory) >= w.held+w.growth() { // or it is garbage
		var collected node.Collected
		collected, err = w.program.Collect(ctx)
		memory = collected.After
	}
	if err == nil && held(memory) < w.held+w.growth() {
		err = w.early()
	}
	return err
}

// patient has who calls for what has not grown call again: when as much time has
// passed once more.
func (w *watch) patient(err error) error {
	if w.apart == 0 || !errors.Is(err, ErrNotGrown) {
		return err
	}
	return &Later{err, max(w.apart, time.Since(w.finding.Baseline.Time))}
}
