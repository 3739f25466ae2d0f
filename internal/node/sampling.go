package node

import (
	"context"
	"errors"
	"time"

	"github.com/plumb-dev/plumb/internal/inspector"
	"github.com/plumb-dev/plumb/internal/profile"
)

// SamplingOptions say what to sample.
type SamplingOptions struct {
	Interval int  // average bytes between two samples; 0 is V8's 32 KiB
	Live     bool // only what is still alive at the end; else all allocations
}

// StartSampling starts to sample allocations. An interval of 512 KiB costs next
// to nothing, 32 KiB about a quarter more CPU time per request.
func (t *Thread) StartSampling(ctx context.Context, opts SamplingOptions) error {
	err := t.session.StartSampling(ctx, inspector.SamplingOptions{Interval: opts.Interval, All: !opts.Live})
	return explain(t.op("sample allocations of"), err)
}

// StopSampling ends the sampling and returns what was sampled.
func (t *Thread) StopSampling(ctx context.Context) (*profile.Profile, error) {
	p, err := t.session.StopSampling(ctx)
	return p, explain(t.op("sample allocations of"), err)
}

// Sample samples allocations for a time, or until the program or ctx has ended. With
// opts.Live, garbage is collected before the end: what is dead would count as alive.
func (p *Process) Sample(ctx context.Context, during time.Duration, opts SamplingOptions) (*profile.Profile, error) {
	start := time.Now()
	if err := p.StartSampling(ctx, opts); err != nil {
		return nil, err
	}
	timer := time.NewTimer(during)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.Done():
	case <-ctx.Done():
	}
	took := time.Since(start)
	var collected error
	if opts.Live {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastAnswers)
		defer cancel()
		_, collected = p.Collect(last)
	}
	// Whatever became of that: sampling must not go on.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastAnswers)
	defer cancel()
	sampled, err := p.StopSampling(last)
	if err := errors.Join(collected, err); err != nil {
		return nil, err
	}
	sampled.Live, sampled.Interval, sampled.Start, sampled.Duration = opts.Live, opts.Interval, start, took
	return sampled, nil
}

// lastAnswers is how long a program has to collect, and to tell what was sampled.
const lastAnswers = 15 * time.Second
