package cli

import (
	"context"
	"fmt"

	"github.com/vbauerster/mpb/v8"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/hunt"
)

// huntProgress writes a line for each phase of a hunt that has ended; on a
// terminal a bar below the lines shows the one that goes on.
type huntProgress struct {
	a   *app
	ctx context.Context //nolint:containedctx // of one command
	bar *phaseBar       // nil as long as there is none, and without a terminal
}

func (p *huntProgress) event(e hunt.Event) {
	switch {
	case p.a.quiet:
	case e.Outcome != "":
		p.line(fmt.Sprintf("%-16s %s\n", e.Phase, printable(e.Outcome)))
	case isTerminal(p.a.err):
		if p.bar == nil {
			// Ctrl-C ends the hunt, which still has lines to write.
			p.bar = newPhaseBar(context.WithoutCancel(p.ctx), "hunt", mpb.WithOutput(p.a.err))
		}
		p.bar.report(heap.Progress{Phase: heap.Phase(e.Phase), Done: e.Done, Total: e.Total})
	}
}

// line writes above the bar.
func (p *huntProgress) line(text string) {
	if p.bar == nil {
		fmt.Fprint(p.a.err, text)
		return
	}
	p.bar.print(text)
}

// done takes the bar away.
func (p *huntProgress) done() {
	if p.bar != nil {
		p.bar.done()
		p.bar = nil
	}
}
