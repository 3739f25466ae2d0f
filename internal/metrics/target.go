package metrics

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

// Target is one process.
type Target struct {
	pid    int
	labels labels
	system *system

	mu       sync.Mutex
	probe    probe // nil when only the system is asked
	wanted   bool  // the process itself is asked, or should be
	last     *question
	failures float64

	ctx     context.Context // ends with the target
	cancel  context.CancelFunc
	working sync.WaitGroup
}

// question is one reading of the probe. Several scrapes may wait for it.
type question struct {
	done    chan struct{}
	reading *reading
	err     error
	overdue bool   // nobody waits for it any more; under Target.mu
	shown   bool   // a scrape has had the reading; under Target.mu
	missed  *delay // of readings that no scrape has had
}

func newTarget(pid int, l labels) *Target {
	t := &Target{pid: pid, labels: l, system: newSystem(pid)}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// Ask has the process itself asked from now on, to which we are connected, and the
// probe put in at once: it counts from then on. The connection stays the caller's,
// who closes it after Remove.
func (t *Target) Ask(p *node.Process) {
	t.use(&connected{process: p})
	t.ask()
}

func (t *Target) use(p probe) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.probe, t.wanted = p, true
}

// want says that the process itself should be asked, also before that is possible.
func (t *Target) want() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wanted = true
}

// asked tells whether the process itself is asked.
func (t *Target) asked() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.probe != nil
}

// removed tells whether the target is to be shown no more.
func (t *Target) removed() bool { return t.ctx.Err() != nil }

// Done is closed when the target is to be shown no more.
func (t *Target) Done() <-chan struct{} { return t.ctx.Done() }

// Runs tells whether the process has not ended.
func (t *Target) Runs() bool {
	_, err := t.system.read()
	return !errors.Is(err, errEnded)
}

// ending bounds how long a process is asked to take the probe back.
const ending = 2 * time.Second

// Remove takes the process out, and the probe back. A process that does not
// answer takes it back by itself.
func (t *Target) Remove() {
	t.cancel()
	t.working.Wait()
	t.system.close()
	t.mu.Lock()
	probe, late := t.probe, t.last != nil && t.last.overdue
	t.probe = nil
	t.mu.Unlock()
	if probe == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), ending)
	defer cancel()
	if late {
		cancel() // it is told, and not waited for
	}
	probe.end(ctx)
}

// Requests is how many HTTP requests the process has answered since the probe is
// in it; false when it does not say.
func (t *Target) Requests(ctx context.Context) (n uint64, known bool) {
	q := t.ask().question
	if q == nil {
		return 0, false
	}
	select {
	case <-q.done:
	case <-ctx.Done():
		return 0, false
	}
	if q.reading == nil {
		return 0, false
	}
	for _, e := range q.reading.HTTP {
		for _, count := range e.Counts {
			n += count
		}
	}
	return n, true
}

// sample is what one scrape finds out about a process.
type sample struct {
	question *question // nil when the process is not asked
	overdue  bool      // it need not be waited for

	ended    bool
	usage    usage
	wanted   bool     // the process itself should have answered
	reading  *reading // nil when it has not
	failures float64
}

// ask asks the process, and waits for nothing. A question that is under way is not
// asked again.
func (t *Target) ask() (s sample) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.probe == nil || t.removed() {
		return s
	}
	next := &question{done: make(chan struct{})}
	if last := t.last; last != nil {
		select {
		case <-last.done:
			if last.reading != nil && !last.shown {
				next.missed = last.reading.Delay
			}
			// A program that has not answered at all is not waited for either.
			next.overdue = errors.Is(last.err, node.ErrBusy)
		default:
			s.question, s.overdue = last, last.overdue
			return s
		}
	}
	t.last = next
	p := t.probe
	t.working.Go(func() { t.answer(next, p) })
	s.question, s.overdue = next, next.overdue
	return s
}

// look asks the system.
func (t *Target) look(s *sample) {
	var err error
	s.usage, err = t.system.read()
	s.ended = errors.Is(err, errEnded)
}

// hear waits until the process has answered, or it is too late.
func (t *Target) hear(s *sample, late <-chan struct{}) {
	if s.ended {
		return
	}
	q := s.question
	if q != nil && !s.overdue {
		select {
		case <-q.done:
			s.reading = q.reading
		case <-late:
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case q == nil:
	case s.reading != nil:
		q.shown = true
	default:
		select {
		case <-q.done: // it has failed, or was late
		default:
			q.overdue = true
		}
	}
	s.wanted = t.wanted
	if s.wanted && s.reading == nil {
		t.failures++
	}
	s.failures = t.failures
}

// answer reads the probe.
func (t *Target) answer(q *question, p probe) {
	defer close(q.done)
	text, err := p.read(t.ctx)
	if err == nil {
		q.reading, err = decode(text)
	}
	if err == nil && q.missed != nil {
		q.reading.Delay = q.missed.joined(q.reading.Delay)
	}
	if q.err = err; errors.Is(err, node.ErrGone) {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.probe == p {
			t.probe = nil
		}
	}
}
