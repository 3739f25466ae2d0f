package cli

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestAttachKilled kills plumb while it takes the second snapshot: no finding
// appears, the program runs on, and the next plumb removes what was left.
func TestAttachKilled(t *testing.T) {
	ticks := filepath.Join(t.TempDir(), "ticks")
	p := newProgram(t, `
		const kept = [];
		setInterval(() => {
			for (let i = 0; i < 200 && kept.length < 2e6; i++) kept.push({ i });
			require('fs').appendFileSync(`+strconv.Quote(ticks)+`, '.');
		}, 5);
		console.log('ready');`)
	dir := filepath.Join(t.TempDir(), "findings")
	flags := []string{"attach", p.pid(), "--findings", dir, "--capture-at", "0.1%", "--capture-warmup", "0s", "--every", "50ms", "--timeout", "1m"}
	killWhen(t, "stands still", flags...)
	// Node.js 20 may crash while it writes a snapshot for one who is gone; it walks
	// its heap yet.
	for from, deadline := fileSize(t, ticks), time.Now().Add(time.Minute); fileSize(t, ticks) < from+10; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the program stands still for good")
		}
	}
	names := func() (all []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			all = append(all, e.Name())
		}
		return all
	}
	left := names()
	if len(left) != 1 || !strings.HasPrefix(left[0], ".stage-") {
		t.Fatalf("left behind: %v", left)
	}
	killWhen(t, "baseline taken", flags...)
	if after := names(); len(after) != 1 || after[0] == left[0] {
		t.Errorf("%v was left behind, after the next one: %v", left, after)
	}
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// TestAttachOutlives ends the program while plumb watches it: that is no failure.
func TestAttachOutlives(t *testing.T) {
	p := newProgram(t, "setInterval(() => {}, 1000); console.log('ready')")
	cmd := exec.Command("plumb", "attach", p.pid(), "--findings", t.TempDir(), "--capture-warmup", "1h")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := ""
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said += lines.Text() + "\n"
		if strings.Contains(said, "watching process") {
			p.stop()
		}
	}
	if err := cmd.Wait(); err != nil || !strings.Contains(said, "has ended without an alarm") {
		t.Errorf("%v: %s", err, said)
	}
}
