package huntcmd

import (
	"context"
	"fmt"

	"github.com/vbauerster/mpb/v8"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/hunt"
)

// huntProgress writes a line for each phase of a hunt that has ended; on a
// terminal a bar below the lines shows the one that goes on.
type huntProgress struct {
	ui  *terminal.UI
	ctx context.Context    //nolint:containedctx // of one command
	bar *terminal.PhaseBar // nil as long as there is none, and without a terminal
}

func (p *huntProgress) event(e hunt.Event) {
	switch {
	case p.ui.Quiet:
	case e.Outcome != "":
		p.line(fmt.Sprintf("%-16s %s\n", e.Phase, terminal.Printable(e.Outcome)))
	case terminal.IsTerminal(p.ui.Err):
		if p.bar == nil {
			// Ctrl-C ends the hunt, which still has lines to write.
			p.bar = terminal.NewPhaseBar(context.WithoutCancel(p.ctx), "hunt", mpb.WithOutput(p.ui.Err))
		}
		p.bar.Report(heap.Progress{Phase: heap.Phase(e.Phase), Done: e.Done, Total: e.Total})
	}
}

// line writes above the bar.
func (p *huntProgress) line(text string) {
	if p.bar == nil {
		fmt.Fprint(p.ui.Err, text)
		return
	}
	p.bar.Print(text)
}

// done takes the bar away.
func (p *huntProgress) done() {
	if p.bar != nil {
		p.bar.Done()
		p.bar = nil
	}
}
