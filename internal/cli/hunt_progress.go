package cli

import (
	"context"
	"fmt"

	"github.com/vbauerster/mpb/v8"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/hunt"
)

// huntProgress writes a line for each phase of a hunt that has ended; on a
// terminal a bar shows the one that goes on.
type huntProgress struct {
	a   *app
	ctx context.Context
	bar *phaseBar // nil between phases
}

func (p *huntProgress) event(e hunt.Event) {
	switch {
	case p.a.quiet:
	case e.Outcome != "":
		p.done()
		fmt.Fprintf(p.a.err, "%-16s %s\n", e.Phase, printable(e.Outcome))
	case isTerminal(p.a.err):
		if p.bar == nil {
			p.bar = newPhaseBar(p.ctx, "hunt", mpb.WithOutput(p.a.err))
		}
		p.bar.report(heap.Progress{Phase: heap.Phase(e.Phase), Done: e.Done, Total: e.Total})
	}
}

// done takes the bar away.
func (p *huntProgress) done() {
	if p.bar != nil {
		p.bar.done()
		p.bar = nil
	}
}
