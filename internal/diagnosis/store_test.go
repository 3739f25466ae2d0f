package diagnosis

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/node"
)

// keepOne makes a finding with snapshots of so many bytes.
func keepOne(t *testing.T, s *Store, app string, age time.Duration, bytes int) *Finding {
	t.Helper()
	st, err := s.begin()
	if err != nil {
		t.Fatal(err)
	}
	defer st.drop()
	f := &Finding{
		App: app, Time: time.Now().Add(-age), Result: &leak.Result{Verdict: leak.Leaking},
		Program:  node.Info{PID: 7, CommandLine: []string{"node", "app.js"}},
		Baseline: &Shot{File: "baseline.heapsnapshot.zst"}, Last: &Shot{File: "alarm.heapsnapshot.zst"},
	}
	for _, shot := range []*Shot{f.Baseline, f.Last} {
		for name, size := range map[string]int{shot.File: bytes / 2, shot.File + ".json": 0} {
			if err := os.WriteFile(st.path(name), make([]byte, size), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.keep(st, f); err != nil {
		t.Fatal(err)
	}
	return f
}

// apps are those of the findings that are left, the newest first; in brackets
// those without snapshots.
func apps(t *testing.T, s *Store) string {
	t.Helper()
	all, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range all {
		name := f.App
		if len(f.Files()) == 0 {
			name = "(" + name + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

func TestBudgetOfCount(t *testing.T) {
	s := newStore(t, Budget{Count: 3})
	for i, name := range []string{"a", "b", "c", "d", "e"} {
		f := keepOne(t, s, name, time.Duration(10-i)*time.Minute, 10)
		if name == "a" {
			if err := s.Pin(f, true); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := apps(t, s); got != "e d a" {
		t.Errorf("left %q", got)
	}
}

func TestBudgetOfAge(t *testing.T) {
	s := newStore(t, Budget{Age: time.Hour})
	keepOne(t, s, "old", 2*time.Hour, 10) // the newest of its time
	keepOne(t, s, "new", time.Minute, 10)
	if got := apps(t, s); got != "new" {
		t.Errorf("left %q", got)
	}
}

func TestBudgetOfBytes(t *testing.T) {
	s := newStore(t, Budget{Bytes: 35_000})
	for i, name := range []string{"a", "b", "c", "d"} {
		f := keepOne(t, s, name, time.Duration(10-i)*time.Minute, 10_000)
		if name == "a" {
			if err := s.Pin(f, true); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := apps(t, s); got != "d c (b) a" {
		t.Errorf("left %q", got)
	}
	f := keepOne(t, s, "large", 0, 100_000)
	if len(f.Files()) != 0 || f.Result == nil {
		t.Errorf("a finding above the whole budget keeps %v", f.Files())
	}
	if paths, _ := filepath.Glob(filepath.Join(f.dir, "*")); len(paths) != 1 {
		t.Errorf("left in its folder: %v", paths)
	}
}

func TestFind(t *testing.T) {
	s := newStore(t, Budget{})
	if _, err := s.Find("last"); !errors.Is(err, ErrNoFinding) {
		t.Error(err)
	}
	older, newer := keepOne(t, s, "api", time.Hour, 10), keepOne(t, s, "web", 0, 10)
	twin := keepOne(t, s, "web", time.Since(newer.Time), 10)
	for id, want := range map[string]string{"api": older.ID, older.ID: older.ID, newer.ID: newer.ID, twin.ID: twin.ID} {
		if f, err := s.Find(id); err != nil || f.ID != want {
			t.Errorf("%s: %v, %v", id, f, err)
		}
	}
	for _, id := range []string{"", "w", "x", "../api", "."} {
		if f, err := s.Find(id); !errors.Is(err, ErrNoFinding) {
			t.Errorf("%s: %v, %v", id, f, err)
		}
	}
	if err := s.Remove(older); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Find("api"); !errors.Is(err, ErrNoFinding) {
		t.Error(err)
	}
}

func TestBrokenFinding(t *testing.T) {
	s := newStore(t, Budget{})
	f := keepOne(t, s, "api", time.Minute, 10)
	keepOne(t, s, "web", 0, 10)
	if err := os.WriteFile(f.path(findingFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := s.List()
	if len(all) != 1 || err == nil || !strings.Contains(err.Error(), f.ID) {
		t.Errorf("%d findings, %v", len(all), err)
	}
}

// TestSweep holds that a stage goes when its plumb is gone, and not before.
func TestSweep(t *testing.T) {
	s := newStore(t, Budget{})
	live, err := s.begin()
	if err != nil {
		t.Fatal(err)
	}
	defer live.drop()
	dead, err := s.begin()
	if err != nil {
		t.Fatal(err)
	}
	_ = dead.lock.Close() // as the system does for a process that is killed
	for _, name := range []string{stagePrefix + "young", stagePrefix + "old", gonePrefix + "x"} {
		if err := os.Mkdir(filepath.Join(s.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	past := time.Now().Add(-2 * young)
	if err := os.Chtimes(filepath.Join(s.dir, stagePrefix+"old"), past, past); err != nil {
		t.Fatal(err)
	}
	s.sweep()
	var left []string
	entries, _ := os.ReadDir(s.dir)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if len(left) != 2 || !strings.Contains(strings.Join(left, " "), filepath.Base(live.dir)) || !strings.Contains(strings.Join(left, " "), "young") {
		t.Errorf("left %v", left)
	}
	if got := apps(t, s); got != "" {
		t.Errorf("findings %q", got)
	}
}

func TestFolderIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "findings")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Budget{}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
}
