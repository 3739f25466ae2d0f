package terminal

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/vbauerster/mpb/v8"
	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/heap"
)

// work reports as heap.Open does.
func work(report func(heap.Progress)) {
	for done := range int64(4) {
		report(heap.Progress{Phase: heap.PhaseRead, Done: done, Total: 3})
	}
	report(heap.Progress{Phase: heap.PhaseDominators, Done: 0, Total: 0})
	report(heap.Progress{Phase: heap.PhaseDerive, Done: 1, Total: 2}) // never ends
}

func TestProgressLines(t *testing.T) {
	var stderr bytes.Buffer
	ui := &UI{Err: &stderr}
	report, done := Progress(t.Context(), ui, "a\x1b.heapsnapshot")
	work(report)
	done()
	want := `a\u001b.heapsnapshot: read snapshot
a\u001b.heapsnapshot: dominators
a\u001b.heapsnapshot: classes
`
	if stderr.String() != want {
		t.Errorf("got %q, want %q", stderr.String(), want)
	}
}

func TestProgressQuiet(t *testing.T) {
	report, done := Progress(t.Context(), &UI{Quiet: true}, "a")
	if done(); report != nil {
		t.Error("quiet progress reports")
	}
}

func TestPhaseBar(t *testing.T) {
	for name, end := range map[string]func(context.CancelFunc){
		"done":      func(context.CancelFunc) {},
		"cancelled": func(cancel context.CancelFunc) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var out bytes.Buffer
			refresh := make(chan any)
			bar := NewPhaseBar(ctx, "a.heapsnapshot", mpb.WithOutput(&out), mpb.WithManualRefresh(refresh))
			bar.Report(heap.Progress{Phase: heap.PhaseRead, Done: 1, Total: 2})
			refresh <- struct{}{}
			work(bar.Report)
			end(cancel)
			bar.Done()
			if !strings.Contains(out.String(), "a.heapsnapshot: read snapshot") || !strings.Contains(out.String(), "%") {
				t.Errorf("bar shows %q", out.String())
			}
		})
	}
}
