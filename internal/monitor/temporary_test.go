package monitor

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/prometheus/tsdb/fileutil"
)

// TestSweep has folders of killed monitors go, and no other.
func TestSweep(t *testing.T) {
	parent := t.TempDir()
	old := time.Now().Add(-2 * young)
	for name, at := range map[string]time.Time{
		"plumb-monitor-killed": old, "plumb-monitor-unlocked": old, "plumb-monitor-running": old, "plumb-monitor-starting": time.Now(), "other": old,
	} {
		dir := filepath.Join(parent, name)
		if err := os.MkdirAll(filepath.Join(dir, "wal"), 0o700); err != nil {
			t.Fatal(err)
		}
		if name == "plumb-monitor-killed" || name == "plumb-monitor-running" {
			lock, _, err := fileutil.Flock(filepath.Join(dir, databaseLock))
			if err != nil {
				t.Fatal(err)
			}
			if name == "plumb-monitor-running" {
				defer func() { _ = lock.Release() }()
			} else if err := lock.Release(); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chtimes(dir, at, at); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(parent, "plumb-monitor-file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file, old, old); err != nil {
		t.Fatal(err)
	}
	sweepTemporary(parent)
	var left []string
	entries, err := os.ReadDir(parent)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if want := []string{"other", "plumb-monitor-file", "plumb-monitor-running", "plumb-monitor-starting"}; !slices.Equal(left, want) {
		t.Errorf("left %q, want %q", left, want)
	}
}
