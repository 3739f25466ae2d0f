package supervise

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/plumb-dev/plumb/internal/supervise/cluster"
)

// instance is one of the places of an app: one life after the other.
type instance struct {
	s        *Supervisor
	app      App
	number   int
	pool     *cluster.Pool // of an app whose instances overlap, else nil
	requests chan request

	listens atomic.Bool // a life has listened

	// Of the goroutine that keeps it.
	streak   streak
	pending  *request // met when the life has ended, or the next one has started
	tooSmall bool     // it was said that the memory limit is

	mu    sync.Mutex
	state Status
	life  *life

	connection *Connection // nil while the program cannot be asked
}

// request is what somebody wants of an instance.
type request struct {
	reason  Reason // Restarted or Stopped
	overlap bool
	done    chan error
}

// meet says that the request is met; of none it does nothing.
func (r *request) meet() {
	if r != nil {
		r.done <- nil
	}
}

func newInstance(s *Supervisor, app App, number int, pool *cluster.Pool) *instance {
	return &instance{
		s: s, app: app, number: number, pool: pool, requests: make(chan request),
		state: Status{App: app.Name, Instance: number, State: Starting, Since: time.Now(), Command: app.Args, Reasons: map[Reason]int{}},
	}
}

// ask hands in a request and waits until it is met.
func (i *instance) ask(ctx context.Context, r request) error {
	r.done = make(chan error, 1)
	select {
	case i.requests <- r:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// keep keeps the instance up. ends gets one Done when the instance is over, and
// one Add when somebody has it started again; rest is closed when all are over.
func (i *instance) keep(ctx context.Context, rest <-chan struct{}, ends *sync.WaitGroup) {
	var asked *request // for the start that follows
	if i.app.Held {
		i.set(Halted)
		ends.Done()
		if asked = i.sleep(rest); asked == nil {
			return
		}
		ends.Add(1)
	}
	for first := true; ; first = false {
		e := i.live(ctx, first, asked)
		pending := i.pending
		i.pending = nil
		state := Ending
		switch what, wait := i.app.Restart.next(&i.streak, e); {
		case what == again && ctx.Err() == nil:
			if wait > 0 {
				i.set(Waiting)
			}
			i.tell(Event{Kind: KindRestarting, Reason: e.Reason, Wait: wait})
			if asked, state = i.wait(ctx, wait); state == "" {
				i.count()
				if asked == nil {
					asked = pending
				} else {
					pending.meet()
				}
				continue
			}
		case what == giveUp:
			state = CrashLoop
			i.tell(Event{Kind: KindGaveUp, Ended: &e})
		case e.Reason == Stopped || ctx.Err() != nil:
			state = Halted
		default:
			i.tell(Event{Kind: KindDone, Ended: &e})
		}
		i.set(state)
		pending.meet()
		ends.Done()
		if asked = i.sleep(rest); asked == nil {
			return
		}
		ends.Add(1)
		i.streak = streak{}
		i.count()
	}
}

// wait passes the time before a start. A state other than "" is that the
// instance is over; a request comes before the time is up.
func (i *instance) wait(ctx context.Context, d time.Duration) (*request, State) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return nil, ""
		case <-ctx.Done():
			return nil, Halted
		case r := <-i.requests:
			if r.reason == Restarted {
				i.streak = streak{}
				return &r, ""
			}
			i.set(Halted)
			r.meet()
			return nil, Halted
		}
	}
}

// sleep waits for somebody who wants a new life of an instance that is over; nil
// when all are over.
func (i *instance) sleep(rest <-chan struct{}) *request {
	for {
		select {
		case <-rest:
			return nil
		case r := <-i.requests:
			if r.reason == Restarted {
				return &r
			}
			i.set(Halted)
			r.meet() // it is stopped
		}
	}
}

// live is one life, or several that overlap, until none is left. asked is who
// wants to know how the start went.
func (i *instance) live(ctx context.Context, first bool, asked *request) Ended {
	i.set(Starting)
	l, err := i.launch(ctx)
	if asked != nil {
		asked.done <- err
	}
	if err != nil {
		e := i.failed(err)
		e.First = first
		i.record(nil, e)
		return e
	}
	e := i.attend(ctx, l)
	e.First = first
	return e
}

func (i *instance) failed(err error) Ended {
	e := Ended{Reason: NotStarted, Code: 127, Said: err.Error(), Time: time.Now()}
	var ours *Error
	if errors.As(err, &ours) {
		e.Hint = ours.Hint
	}
	if hint := hintOf(err); hint != "" {
		e.Hint = hint
	}
	return e
}

// attend watches a life to its end.
func (i *instance) attend(ctx context.Context, l *life) Ended {
	sample := time.NewTicker(i.app.Memory.Interval)
	defer sample.Stop()
	plan := i.plan()
	defer plan.stop()
	for {
		i.show(l)
		var why Reason
		var r *request
		select {
		case <-l.child.Done():
			return i.bury(l, "")
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), ErrInterrupted) {
				l.told = i.s.opts.Foreground
			}
			return i.end(l, Stopped)
		case err := <-l.readiness:
			if err != nil {
				i.tell(Event{Kind: KindWarning, PID: l.pid(), Text: err.Error(), Hint: "a longer --ready-timeout, or another --ready"})
				return i.end(l, NotReady)
			}
			l.ready = true
			i.set(Running)
			i.tell(Event{Kind: KindReady, PID: l.pid()})
			continue
		case <-sample.C:
			why = i.sample(l)
		case why = <-l.verdicts:
		case why = <-plan.due:
		case asked := <-i.requests:
			r, why = &asked, asked.reason
		}
		if why == "" {
			continue
		}
		overlap := i.app.Overlap && why != Stopped && why != Unhealthy && (r == nil || r.overlap)
		if overlap {
			next, err := i.replace(ctx, l, why)
			if r != nil {
				r.done <- err
			}
			if next != nil {
				l = next
				continue
			}
			if r != nil || why == Cron || why == Changed {
				continue // the old one is as good as ever
			}
		}
		if !overlap {
			i.pending = r
		}
		return i.end(l, why)
	}
}

// replace starts the next life and, when it is ready, ends this one; nil and why
// when the next one is not worth it.
func (i *instance) replace(ctx context.Context, l *life, why Reason) (*life, error) {
	i.tell(Event{Kind: KindStopping, PID: l.pid(), Reason: why})
	next, err := i.launch(ctx)
	if err == nil {
		select {
		case err = <-next.readiness:
		case <-next.child.Done():
			err = fmt.Errorf("the new process ended before it was ready: %s", i.bury(next, "").Said)
			next = nil
		case <-ctx.Done():
			err = ctx.Err()
		}
		if err != nil && next != nil {
			i.end(next, NotReady)
		}
	}
	if err != nil {
		i.tell(Event{Kind: KindWarning, PID: l.pid(), Text: "the old process stays: " + err.Error()})
		return nil, fmt.Errorf("reload %s: %w", i.app.Name, err)
	}
	next.ready = true
	i.end(l, why)
	i.tell(Event{Kind: KindRestarting, Reason: why})
	i.count()
	i.show(next)
	i.set(Running)
	i.tell(Event{Kind: KindReady, PID: next.pid()})
	return next, nil
}

func (i *instance) tell(e Event) {
	e.Time, e.App, e.Instance = time.Now(), i.app.Name, i.number
	i.s.opts.Notify(e)
}

// set changes the state.
func (i *instance) set(s State) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.state.State, i.state.Since = s, time.Now()
	if s != Starting && s != Running && s != Stopping {
		i.life, i.state.PID, i.state.RSS, i.state.Heap = nil, 0, 0, 0
	}
}

// show makes a life the one that the status is about.
func (i *instance) show(l *life) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.life = l
	i.state.PID, i.state.Started = l.pid(), l.started
	i.state.RSS, i.state.Heap, i.state.Limit = l.rss, l.heap.Load(), l.limit
}

// count counts a restart.
func (i *instance) count() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.state.Restarts++
}

// record keeps how a life ended.
func (i *instance) record(l *life, e Ended) {
	i.mu.Lock()
	i.state.Reasons[e.Reason]++
	i.state.Last = &e
	i.mu.Unlock()
	event := Event{Kind: KindEnded, PID: e.PID, Reason: e.Reason, Ended: &e}
	if l != nil {
		event.PID = l.pid()
	}
	i.tell(event)
}

func (i *instance) status() Status {
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.state
	s.Reasons = map[Reason]int{}
	for reason, n := range i.state.Reasons {
		s.Reasons[reason] = n
	}
	if i.life != nil {
		s.Heap = i.life.heap.Load()
		s.Growth, s.ToLimit = i.life.series.predict(s.Limit)
	}
	return s
}
