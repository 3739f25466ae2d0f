package diagnosis

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/node"
)

// Options are those of [Watch].
type Options struct {
	App      string // names the finding; "" is the program's script
	Instance int

	// The mark is Bytes, or a Share (0 to 1) of the limit; 0 for none.
	Bytes uint64
	Share float64
	// Ahead sets the alarm off when the limit will be reached within this time, by
	// the trend; 0 for never.
	Ahead time.Duration
	// Calls ask for a diagnosis now, whatever the level. Each is answered, and the
	// watch goes on. May be nil.
	Calls <-chan Call

	WarmUp time.Duration // before the baseline
	Every  time.Duration // between two looks at the level
	// Level reads the level. Nil asks the program: for its RSS when the mark is
	// Bytes, and for its heap otherwise.
	Level func(context.Context) (Level, error)
	Force bool // capture although memory is short
	// Pause is called before the program stands still, and what it returns
	// afterwards: a limit on its memory must not count meanwhile. May be nil.
	Pause func() (resume func())
	// Requests tells how many requests the program has answered since some time that
	// does not change; false when that is not known. May be nil.
	Requests func(context.Context) (uint64, bool)
	Compare  Comparer
	Say      func(message string) // what is being done; may be nil
}

// Comparer compares two snapshots by their paths, with so many requests between
// them; 0 when that is not known.
type Comparer func(ctx context.Context, f *Finding, baseline, last string, requests int) (*leak.Result, error)

// Defaults of a watch in production.
const (
	DefaultWarmUp = 2 * time.Minute
	DefaultEvery  = 5 * time.Second
)

const (
	askTimeout = 10 * time.Second // a program whose event loop is blocked is asked again
	patience   = 12               // looks between two collections that are forced, or questions for the numbering
	baselines  = 5                // that are taken at most: each keeps the program waiting
)

// watch is one under way.
type watch struct {
	Options
	program *node.Process
	store   *Store
	stage   *stage
	finding *Finding
	trend   floors

	held    uint64 // by objects, at the baseline
	least   uint64 // the mark is not below
	witness *node.Witness
	number  string // of the witness, at the baseline
	traffic traffic
	again   int              // baselines that another debugger has spoilt
	apart   time.Duration    // between the baseline and the next snapshot at least, unless much has grown
	until   <-chan time.Time // the end of the watch; nil for none
	rest    int              // looks until a collection may be forced again
}

// Watch watches a program until the alarm and returns what it found out, which is
// in the store by then. It returns nil when the program or ctx ended before. When
// no baseline can be taken, that is the error.
func Watch(ctx context.Context, p *node.Process, store *Store, opts Options) (*Finding, error) {
	w := newWatch(p, store, opts)
	if !w.warmUp(ctx) {
		return nil, nil
	}
	var err error
	if w.stage, err = store.begin(); err != nil {
		return nil, err
	}
	defer w.stage.drop()
	if err := w.baseline(ctx); err != nil {
		return nil, w.unlessOver(ctx, err)
	}
	alarm, err := w.wait(ctx)
	if err != nil || alarm.Cause == noCause {
		return nil, w.unlessOver(ctx, err)
	}
	w.finding.Alarm, w.finding.Time = alarm, time.Now().UTC()
	w.Say(alarm.Text)
	if err := w.diagnose(ctx); err != nil {
		return nil, err
	}
	return w.finding, store.keep(w.stage, w.finding)
}

func newWatch(p *node.Process, store *Store, opts Options) *watch {
	w := &watch{Options: opts.complete(p), program: p, store: store, finding: &Finding{
		App: opts.App, Instance: opts.Instance, Program: p.Info(),
	}}
	if w.finding.App == "" {
		w.finding.App = p.Info().Label()
	}
	w.trend.stretch = stretch * w.Every
	return w
}

func (o Options) complete(p *node.Process) Options {
	if o.Every <= 0 {
		o.Every = DefaultEvery
	}
	if o.Say == nil {
		o.Say = func(string) {}
	}
	if o.Pause == nil {
		o.Pause = func() func() { return func() {} }
	}
	if o.Requests == nil {
		o.Requests = func(context.Context) (uint64, bool) { return 0, false }
	}
	if o.Level == nil {
		o.Level = func(ctx context.Context) (Level, error) {
			m, err := p.Memory(ctx)
			if o.Bytes > 0 {
				return Level{Of: levelOfRSS, Used: m.RSS}, err
			}
			return Level{Of: levelOfHeap, Used: m.HeapUsed, Limit: m.HeapLimit}, err
		}
	}
	return o
}

// unlessOver is the error, unless it is that the program or the watch is over.
func (w *watch) unlessOver(ctx context.Context, err error) error {
	if ctx.Err() != nil || errors.Is(err, node.ErrGone) {
		return nil
	}
	return err
}

// warmUp waits; false says that the program or ctx ended meanwhile.
func (w *watch) warmUp(ctx context.Context) bool {
	end := time.Now().Add(w.WarmUp)
	timer := time.NewTimer(w.WarmUp)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return true
		case call := <-w.Calls:
			left := time.Until(end)
			call.Answer(nil, &Later{fmt.Errorf("%w: it is taken in %s", ErrNoBaseline, left.Round(time.Second)), left})
		case <-w.program.Done():
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// baseline takes the first snapshot, and the level after it for normal.
func (w *watch) baseline(ctx context.Context) error {
	resume := w.Pause()
	defer resume()
	collected, err := w.program.Collect(ctx)
	if err != nil {
		return err
	}
	if w.witness == nil { // before the snapshot, which numbers it
		if w.witness, err = w.program.Witness(ctx); err != nil {
			return err
		}
	}
	w.held = held(collected.After)
	if w.finding.Baseline, err = w.capture(ctx, "baseline"); err != nil {
		return err
	}
	if w.number, err = w.witness.ID(ctx); err != nil {
		return err
	}
	w.traffic = traffic{}
	w.countRequests(ctx)
	level, err := w.Level(ctx)
	if err != nil {
		return err
	}
	w.least = level.Used + max(level.Used/20, 2*leastGrowth)
	w.Say(fmt.Sprintf("baseline taken with %s; %s", describe(level), w.terms(level)))
	return nil
}

// terms says what the baseline is compared with.
func (w *watch) terms(l Level) string {
	const alarm = "the alarm goes off "
	mark, ahead := w.mark(l), ""
	if w.Ahead > 0 && l.Limit > 0 {
		ahead = fmt.Sprintf("%s before the limit", w.Ahead)
	}
	switch {
	case mark == 0 && ahead == "":
		return "a second snapshot is taken when it is called for"
	case mark == 0:
		return alarm + ahead
	case ahead == "":
		return alarm + "at " + size(mark)
	default:
		return alarm + "at " + size(mark) + " or " + ahead
	}
}

// mark is the level at which the alarm goes off, 0 for none.
func (w *watch) mark(l Level) uint64 {
	switch {
	case w.Bytes > 0:
		return max(w.Bytes, w.least)
	case w.Share > 0 && l.Limit > 0:
		return max(uint64(w.Share*float64(l.Limit)), w.least)
	default:
		return 0
	}
}

func (w *watch) capture(ctx context.Context, name string) (*Shot, error) {
	file := name + ".heapsnapshot.zst"
	record, err := w.program.Capture(ctx, w.stage.path(file), node.CaptureOptions{Label: name, Zstd: true, Force: w.Force})
	debug.FreeOSMemory() // what the compression took: the watch may last for weeks
	if err != nil {
		return nil, err
	}
	return &Shot{Time: record.Time, Memory: record.Memory.Before, File: file}, nil
}

func held(m node.Memory) uint64 { return m.HeapUsed + m.External }
