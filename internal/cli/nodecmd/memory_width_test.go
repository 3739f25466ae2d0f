package nodecmd

import (
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/node"
)

// TestMemoryWidth holds that a row fits into 80 columns.
func TestMemoryWidth(t *testing.T) {
	ui := &terminal.UI{}
	row := memoryRow{
		memorySample{Memory: node.Memory{RSS: 4_123_456_789, HeapTotal: 3_999_999_999, HeapUsed: 999_949_999, External: 12, ArrayBuffers: 123_456}},
		&node.Collections{Span: 1000, Minor: node.Pauses{Count: 9999, Total: 12345.6}, Major: node.Pauses{Count: 999, Total: 99.9}},
	}
	for _, line := range strings.SplitAfter(memoryHead(ui)+memoryLine(ui, row), "\n") {
		if len(strings.TrimSuffix(line, "\n")) > 80 {
			t.Errorf("%d columns: %q", len(line)-1, line)
		}
	}
	if line := memoryLine(ui, row); !strings.HasSuffix(line, " 9999 12346 999  99.9  100%\n") {
		t.Errorf("%q", line)
	}
}
