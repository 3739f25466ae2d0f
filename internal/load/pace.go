package load

import (
	"context"
	"time"
)

// grain is how late a timer may be through no fault but its own. A request
// that a free worker sent within it after its due time counts from when it was
// sent; any later one counts from when it was due.
const grain = 2 * time.Millisecond

// next waits until it is time for another request. turn is its number in this
// run, from 0; begin is when its latency begins to count. ok is false when no
// more are to be sent.
func (r *run) next(ctx context.Context) (turn int64, begin time.Time, ok bool) {
	now := time.Now()
	if r.over(now) {
		return 0, now, false
	}
	turn = r.turn.Add(1) - 1
	if r.plan.Requests > 0 && turn >= r.plan.Requests {
		return 0, now, false
	}
	if r.plan.RPS == 0 {
		return turn, now, true
	}
	due := r.start.Add(time.Duration(float64(turn) / r.plan.RPS * float64(time.Second)))
	if r.over(due) {
		return 0, now, false
	}
	if now.After(due) {
		return turn, due, true
	}
	if !wait(ctx, due.Sub(now)) {
		return 0, now, false
	}
	if now = time.Now(); now.Sub(due) < grain {
		return turn, now, true
	}
	return turn, due, true
}

// over says whether nothing is to be sent any more at a time.
func (r *run) over(at time.Time) bool {
	return r.plan.Duration > 0 && at.Sub(r.start) >= r.plan.Duration
}

// wait sleeps for d and says whether ctx lived that long.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func pause(ctx context.Context) { wait(ctx, time.Millisecond) }
