package diagnosis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

// wait returns the alarm. Its cause is noCause when the program or ctx ended.
func (w *watch) wait(ctx context.Context) (Alarm, error) {
	tick := time.NewTicker(w.Every)
	defer tick.Stop()
	for looks := 1; ; looks++ {
		select {
		case <-ctx.Done():
			return Alarm{}, nil
		case <-w.program.Done():
			return Alarm{}, nil
		case <-w.until:
			return Alarm{}, nil
		case call := <-w.Calls:
			call.Answer(w.answer(ctx, call.Why))
			continue
		case <-tick.C:
		}
		if looks%patience == 0 {
			w.countRequests(ctx)
		}
		level, err := w.look(ctx)
		var alarm Alarm
		if err == nil {
			alarm, err = w.judge(ctx, level)
		}
		if err == nil && (alarm.Cause != noCause || looks%patience == 0) {
			var spoilt bool
			if spoilt, err = w.renew(ctx); spoilt {
				continue
			}
		}
		switch {
		case err != nil && !errors.Is(err, node.ErrBusy):
			return Alarm{}, err
		case err == nil && alarm.Cause != noCause:
			return alarm, nil
		}
	}
}

// judge says whether a level is one for the alarm.
func (w *watch) judge(ctx context.Context, level Level) (Alarm, error) {
	if alarm, ok := w.trendAlarm(level); ok {
		return alarm, nil
	}
	mark := w.mark(level)
	if w.rest > 0 || mark == 0 || level.Used < mark {
		w.rest--
		return Alarm{}, nil
	}
	w.rest = patience
	level, err := w.withoutGarbage(ctx, level)
	if err != nil || level.Used < mark {
		return Alarm{}, err
	}
	return Alarm{Cause: MarkPassed, Level: level, Text: fmt.Sprintf("%s passed the mark of %s", describe(level), size(mark))}, nil
}

// renew takes the baseline anew when another debugger has left the program: the
// one that is there cannot be compared with anything that comes.
func (w *watch) renew(ctx context.Context) (spoilt bool, err error) {
	number, err := w.witness.ID(ctx)
	if err != nil || number == w.number || w.again+1 >= baselines {
		return false, err
	}
	w.again++
	w.Say("another debugger has left the program: the baseline is taken anew")
	return true, w.baseline(ctx)
}

// look reads the level, with a deadline.
func (w *watch) look(ctx context.Context) (Level, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	level, err := w.Level(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = node.ErrBusy
	}
	return level, err
}

// withoutGarbage is the level after a forced collection: a heap that is full of
// garbage is no alarm.
func (w *watch) withoutGarbage(ctx context.Context, level Level) (Level, error) {
	if level.Of != levelOfHeap {
		return level, nil
	}
	collected, err := w.program.Collect(ctx)
	level.Used = collected.After.HeapUsed
	return level, err
}

func (w *watch) trendAlarm(level Level) (Alarm, bool) {
	w.trend.add(time.Now(), level.Used)
	if w.Ahead <= 0 || level.Limit == 0 || level.Used < w.least {
		return Alarm{}, false
	}
	left, ok := w.trend.reaches(level.Limit)
	if !ok || left > w.Ahead {
		return Alarm{}, false
	}
	return Alarm{
		Cause: LimitNear, Level: level, SecondsToLimit: left.Seconds(),
		Text: fmt.Sprintf("%s grows and will reach its limit in about %s", describe(level), left.Round(time.Second)),
	}, true
}

// diagnose takes the second snapshot and has it compared. What cannot be done is
// the finding's problem: that an alarm went off is worth keeping. The error is
// that of ctx.
func (w *watch) diagnose(ctx context.Context) error {
	if err := w.captureLast(ctx); err == nil {
		w.compare(ctx)
	} else {
		w.finding.Problem = err.Error()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if w.finding.Last == nil { // alone the other one tells nothing
		path := w.stage.path(w.finding.Baseline.File)
		w.finding.Baseline.File = ""
		return errors.Join(os.Remove(path), os.Remove(path+".json"))
	}
	return nil
}

func (w *watch) compare(ctx context.Context) {
	w.Say("comparing the snapshots")
	var err error
	w.finding.Result, err = w.Compare(ctx, w.finding, w.stage.path(w.finding.Baseline.File), w.stage.path(w.finding.Last.File), w.traffic.requests())
	if err != nil {
		w.finding.Problem = err.Error()
	}
}

// ErrNotGrown says that a snapshot would not show what grows.
var ErrNotGrown = errors.New("what JavaScript holds has not grown: the memory is in native code, or in gaps between allocations")

func (w *watch) captureLast(ctx context.Context) error {
	resume := w.Pause()
	defer resume()
	collected, err := w.program.Collect(ctx)
	if err != nil {
		return err
	}
	if now := held(collected.After); now < w.held+max(leastGrowth, w.held/50) {
		return fmt.Errorf("%w (%s at the baseline, %s now)", ErrNotGrown, size(w.held), size(now))
	}
	w.countRequests(ctx)
	w.Say("taking a snapshot: the program stands still meanwhile")
	w.finding.Last, err = w.capture(ctx, "alarm")
	return err
}

// leastGrowth is below what a program's own caches do in a while.
const leastGrowth = 512 << 10

func describe(l Level) string {
	name := "its memory (RSS)"
	if l.Of == levelOfHeap {
		name = "its heap"
	} else if l.Of != levelOfRSS {
		name = l.Of
	}
	if l.Limit > 0 {
		return fmt.Sprintf("%s at %s of %s", name, size(l.Used), size(l.Limit))
	}
	return fmt.Sprintf("%s at %s", name, size(l.Used))
}

func size(n uint64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
