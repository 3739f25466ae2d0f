package node

import (
	"context"

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
