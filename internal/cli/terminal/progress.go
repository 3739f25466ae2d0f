package terminal

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/charmbracelet/x/ansi"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/plumb-dev/plumb/heap"
)

// Progress shows work on what (a file's name) on the standard error: a bar on
// a terminal, else one line per phase, nothing with --quiet. The caller runs
// done when the work has ended, well or not; nothing is left running after it.
func Progress(ctx context.Context, ui *UI, what string) (report func(heap.Progress), done func()) {
	switch {
	case ui.Quiet:
		return nil, func() {}
	case IsTerminal(ui.Err):
		b := NewPhaseBar(ctx, what, mpb.WithOutput(ui.Err))
		return b.Report, b.Done
	default:
		var phase heap.Phase
		return func(p heap.Progress) {
			if p.Phase != phase {
				phase = p.Phase
				fmt.Fprintf(ui.Err, "%s: %s\n", Printable(what), phase)
			}
		}, func() {}
	}
}

// PhaseBar is one bar at a time: a new one when the phase changes.
type PhaseBar struct {
	what  string
	bars  *mpb.Progress
	bar   *mpb.Bar
	phase heap.Phase
}

// longestName is how many columns of a line its file may take: the name of a
// capture is longer than that, and its end tells two captures apart.
const longestName = 36

// NewPhaseBar begins without a bar; the first report shows one.
func NewPhaseBar(ctx context.Context, what string, options ...mpb.ContainerOption) *PhaseBar {
	what = Printable(filepath.Base(what))
	if over := ansi.StringWidth(what) - longestName; over > 0 {
		what = ansi.TruncateLeft(what, over+1, "…")
	}
	return &PhaseBar{what: what, bars: mpb.NewWithContext(ctx, options...)}
}

// Report moves the bar.
func (b *PhaseBar) Report(p heap.Progress) {
	if b.bar == nil || p.Phase != b.phase {
		b.drop()
		b.phase = p.Phase
		options := []mpb.BarOption{
			mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(b.what + ": " + string(p.Phase) + " ")),
		}
		if p.Total > 0 {
			b.bar = b.bars.AddBar(p.Total, append(options, mpb.BarWidth(24), mpb.AppendDecorators(decor.Percentage()))...)
		} else {
			b.bar = b.bars.AddSpinner(0, append(options, mpb.BarWidth(1))...)
		}
	}
	b.bar.SetTotal(p.Total, false)
	b.bar.SetCurrent(p.Done)
}

// Print writes text above the bar.
func (b *PhaseBar) Print(text string) {
	b.drop()
	b.bar = nil
	fmt.Fprint(b.bars, text)
}

func (b *PhaseBar) drop() {
	if b.bar != nil {
		b.bar.Abort(true)
		b.bar.Wait()
	}
}

// Done takes the bar away.
func (b *PhaseBar) Done() {
	b.drop()
	b.bars.Shutdown()
}
