package heapcmd

import (
	"os"
	"testing"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// TestCaptureRecord holds that the script map beside a snapshot is read.
func TestCaptureRecord(t *testing.T) {
	path := testheap.Queue(1, 0).File(t, "0.heapsnapshot")
	if scripts, err := CaptureRecord(path); err != nil || scripts != nil {
		t.Errorf("none: %v, %v", scripts, err)
	}
	write := func(text string) {
		if err := os.WriteFile(path+".json", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"scripts":[{"id":7,"url":"/srv/other.js"}]}`)
	if scripts, err := CaptureRecord(path); err != nil || len(scripts) != 1 || scripts[0].URL != "/srv/other.js" {
		t.Errorf("good: %v, %v", scripts, err)
	}
	write(`{"scripts":7}`)
	if _, err := CaptureRecord(path); err == nil || len(terminal.HintsOf(err)) == 0 {
		t.Errorf("bad: %v", err)
	}
}
