package runcmd

import (
	"context"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/plumb-dev/plumb/internal/supervise"
)

// twice is within what a signal is one that came twice: who ends a process group
// and its leader (timeout(1), npm) means it once.
const twice = 500 * time.Millisecond

// onSignals returns a context that ends at the first signal that asks plumb to end;
// the second one kills what is being stopped. The context says whether it was the
// terminal, which asks the program, too.
func onSignals(parent context.Context, s *supervise.Supervisor) (ctx context.Context, stop func()) {
	// The parent may end at the same signals, without saying which.
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	unlink := context.AfterFunc(parent, func() { time.AfterFunc(twice, func() { cancel(nil) }) })
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, append(slices.Clone(passedOn), os.Interrupt, syscall.SIGTERM)...)
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		signal.Notify(signals, syscall.SIGHUP)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var first time.Time
		for got := range signals {
			switch {
			case slices.Contains(passedOn, got):
				s.Signal(got.(syscall.Signal))
			case first.IsZero():
				first = time.Now()
				if got == os.Interrupt {
					cancel(supervise.ErrInterrupted)
				}
				cancel(nil)
			case time.Since(first) > twice:
				s.Hurry()
			}
		}
	}()
	return ctx, func() {
		unlink()
		signal.Stop(signals)
		close(signals)
		<-ended
		cancel(nil)
	}
}
