package diagnosis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// Call asks a watch for a diagnosis. Answer is called once, with a finding that is in
// the store, or with what is in the way of one.
type Call struct {
	Why    string // in words
	Answer func(*Finding, error)
}

// ErrNoBaseline says that there is nothing yet that a snapshot could be compared
// with.
var ErrNoBaseline = errors.New("there is no baseline yet")

// answer makes a finding of how the program is now. The baseline stays where it is,
// and goes into the finding as a link: the watch goes on with it.
func (w *watch) answer(ctx context.Context, why string) (*Finding, error) {
	spoilt, err := w.renew(ctx)
	if spoilt && err == nil {
		err = fmt.Errorf("%w: another debugger has left the program, and it was taken anew just now", ErrNoBaseline)
	}
	if err != nil {
		return nil, err
	}
	if err := w.due(ctx); err != nil {
		return nil, err
	}
	level, _ := w.look(ctx) // the call counts, whatever the level
	called := *w
	if called.stage, err = w.store.begin(); err != nil {
		return nil, err
	}
	defer called.stage.drop()
	finding, baseline := *w.finding, *w.finding.Baseline // an alarm may change its own
	finding.Baseline = &baseline
	finding.Alarm, finding.Time = Alarm{Cause: CalledFor, Text: why, Level: level}, time.Now().UTC()
	called.finding = &finding
	for _, file := range []string{baseline.File, baseline.File + ".json"} {
		if err := os.Link(w.stage.path(file), called.stage.path(file)); err != nil {
			return nil, fmt.Errorf("keep the baseline: %w", err)
		}
	}
	w.Say(why)
	if err := called.captureLast(ctx); err != nil {
		return nil, w.patient(err)
	}
	called.compare(ctx)
	w.traffic = called.traffic
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return &finding, w.store.keep(called.stage, &finding)
}
