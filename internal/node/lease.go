package node

import (
	"context"
	"sync"
	"time"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// lease is something of ours in a program that ends by itself when we are gone
// without a goodbye (kill -9, a lost network): a timer in the program counts, and
// our beats set the count back. It counts ticks and not time, so that a blocked
// event loop, in which neither ticks nor beats happen, is no reason to end. The
// timer does not keep the program alive, and one tick is a few microseconds.
// Nothing of it can be reached from the program.
type lease struct {
	session *inspector.Session
	object  string // in the target
	tick    time.Duration
	cancel  context.CancelFunc
	done    sync.WaitGroup
}

const (
	leaseTick  = 2 * time.Second
	leaseTicks = 3 // without a beat
)

// leaseSource takes what is leased, an object with the methods start and end. Both are
// called when the program's code is through, so that a lease can be had while that
// runs.
const leaseSource = `((later, thing, tick, ticks) => {
  let timer;
  const lease = {
    thing, missed: 0,
    end() { later(() => { clearInterval(timer); thing.end(); }); },
  };
  later(() => {
    thing.start();
    timer = setInterval(() => { if (++lease.missed >= ticks) lease.end(); }, tick);
    if (timer.unref) timer.unref();
  });
  return lease;
})`

// startLease evaluates source and leases what it returns, an object with the methods
// start and end.
func startLease(ctx context.Context, session *inspector.Session, source string, tick time.Duration) (*lease, error) {
	result, err := session.EvaluateRemote(ctx, inspector.Evaluation{
		Expression:  leaseSource + "(" + later + ", " + source + ", " + jsonText(tick.Milliseconds()) + ", " + jsonText(leaseTicks) + ")",
		ByReference: true,
	})
	if err != nil {
		return nil, err
	}
	beating, cancel := context.WithCancel(context.Background())
	l := &lease{session: session, object: result.ObjectID, tick: tick, cancel: cancel}
	l.done.Go(func() { l.beat(beating) })
	return l, nil
}

func (l *lease) beat(ctx context.Context) {
	ticker := time.NewTicker(l.tick)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			// An answer may take as long as the program is blocked; the lease's
			// timer stands still for as long.
			_ = l.session.CallFunctionOn(ctx, l.object, "function () { this.missed = 0; }", nil)
		case <-l.session.Done():
			return
		case <-ctx.Done():
			return
		}
	}
}

// stop ends our part.
func (l *lease) stop() {
	l.cancel()
	l.done.Wait()
}

// end removes the timer and ends what is leased.
func (l *lease) end(ctx context.Context) error {
	return l.session.CallFunctionOn(ctx, l.object, "function () { this.end(); }", nil)
}
