package node

import (
	"context"
	"sync"
	"time"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// guard closes the inspector of an attached process when we are gone without a
// goodbye (kill -9, a lost network): a timer in the process counts, and our
// beats set the count back. It counts ticks and not time, so that a blocked
// event loop, in which neither ticks nor beats happen, is no reason to close.
// The timer does not keep the process alive, and one tick is a few
// microseconds. Nothing of it can be reached from the program.
type guard struct {
	session *inspector.Session
	object  string // the counter in the target
	cancel  context.CancelFunc
	done    sync.WaitGroup
}

const (
	guardTick  = 2 * time.Second
	guardTicks = 3 // without a beat
)

// The guard closes only the inspector that it was made for: a later one has
// another address. release is the goodbye: the close comes a little after the
// answer, which would otherwise be lost with the connection.
const guardSource = `((tick, ticks) => {
  const inspector = ` + builtin + `('inspector');
  const url = inspector.url();
  const close = () => { if (inspector.url() === url) inspector.close(); };
  const guard = {
    missed: 0,
    release() { clearInterval(timer); setTimeout(close, 50); },
  };
  const timer = setInterval(() => {
    if (++guard.missed < ticks) return;
    clearInterval(timer);
    close();
  }, tick);
  if (timer.unref) timer.unref();
  return guard;
})`

func startGuard(ctx context.Context, session *inspector.Session, tick time.Duration) (*guard, error) {
	result, err := session.EvaluateRemote(ctx, inspector.Evaluation{
		Expression:  guardSource + "(" + jsonText(tick.Milliseconds()) + "," + jsonText(guardTicks) + ")",
		ByReference: true,
	})
	if err != nil {
		return nil, err
	}
	beating, cancel := context.WithCancel(context.Background())
	g := &guard{session: session, object: result.ObjectID, cancel: cancel}
	g.done.Go(func() { g.beat(beating, tick) })
	return g, nil
}

func (g *guard) beat(ctx context.Context, tick time.Duration) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			// An answer may take as long as the program is blocked; the guard's
			// timer stands still for as long.
			_ = g.session.CallFunctionOn(ctx, g.object, "function () { this.missed = 0; }", nil)
		case <-g.session.Done():
			return
		case <-ctx.Done():
			return
		}
	}
}

// stop ends our part.
func (g *guard) stop() {
	g.cancel()
	g.done.Wait()
}

// release removes the timer and closes the inspector.
func (g *guard) release(ctx context.Context) error {
	return g.session.CallFunctionOn(ctx, g.object, "function () { this.release(); }", nil)
}
