package supervise

import (
	"errors"
	"fmt"
	"time"

	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// sample reads the memory of a life. A reason is that it has to end.
func (i *instance) sample(l *life) Reason {
	rss, err := tree.RSS(l.kin.of(l.pid(), time.Since(l.started)))
	if err != nil {
		if errors.Is(err, tree.ErrUnreadable) && !l.blind {
			l.blind = true
			i.tell(Event{Kind: KindWarning, PID: l.pid(), Text: "its memory is not limited: " + err.Error(), Hint: "plumb needs a readable /proc"})
		}
		return ""
	}
	now := time.Now()
	paused := l.paused.Load() > 0
	i.mu.Lock()
	l.rss = rss
	if !paused {
		l.series.add(now.Sub(l.started).Seconds(), float64(rss))
	}
	limit := l.limit
	i.mu.Unlock()
	i.tightLimit(l, now)
	if paused || limit == 0 || rss <= limit {
		l.above = 0
		return ""
	}
	if l.above++; l.above == 1 {
		l.since = now
	}
	if l.above < i.app.Memory.Samples {
		return ""
	}
	return MemoryLimit
}

// early is how long after its start a program has done no work that counts.
const early = 3 * time.Second

// tightLimit warns, once, of a limit that is hardly more than what the program
// takes when it has only just started.
func (i *instance) tightLimit(l *life, now time.Time) {
	if i.tooSmall || l.limit == 0 || now.Sub(l.started) > early || float64(l.rss) < 0.9*float64(l.limit) {
		return
	}
	i.tooSmall = true
	relation := "hardly more than"
	if l.rss > l.limit {
		relation = "below"
	}
	i.tell(Event{
		Kind: KindWarning, PID: l.pid(),
		Text: fmt.Sprintf("the memory limit of %s is %s the %s that it takes right after its start: it will be restarted again and again",
			megabytes(l.limit), relation, megabytes(l.rss)),
		Hint: fmt.Sprintf("at least --max-memory %dM leaves room for work", 2*l.rss>>20),
	})
}

func megabytes(n uint64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// decide has the instance end the life.
func (l *life) decide(why Reason) {
	select {
	case l.verdicts <- why:
	default: // somebody else was first
	}
}
