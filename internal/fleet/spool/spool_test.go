package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// add adds a case with one file of so many bytes.
func add(t *testing.T, s *Spool, id string, bytes int, pinned bool) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), id)
	if err := os.WriteFile(path, make([]byte, bytes), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &fleet.Case{ID: id, Pinned: pinned, Snapshots: []fleet.Snapshot{{File: fleet.File{Hash: "h" + id, Bytes: int64(bytes)}}}}
	return s.Add(c, []string{path})
}

func ids(s *Spool) (list []string) {
	for _, w := range s.Waiting() {
		list = append(list, w.ID)
	}
	return list
}

func open(t *testing.T, dir string, limit int64) *Spool {
	t.Helper()
	s, err := Open(dir, limit)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOldestFirst(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 1<<20)
	for i := range 3 {
		if err := add(t, s, fmt.Sprint(i), 100, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := add(t, s, "1", 100, false); err != nil { // the same again
		t.Fatal(err)
	}
	other := open(t, dir, 1<<20) // as the next plumb does
	if got := fmt.Sprint(ids(other)); got != "[0 1 2]" {
		t.Errorf("waiting %s", got)
	}
	first := other.Waiting()[0]
	if info, err := os.Stat(first.Path(first.Snapshots[0].File)); err != nil || info.Size() != 100 {
		t.Errorf("its file: %v, %v", info, err)
	}
	first.Done()
	if got := fmt.Sprint(ids(s)); got != "[1 2]" || s.Status().Cases != 2 {
		t.Errorf("waiting %s, %+v", got, s.Status())
	}
}

func TestFull(t *testing.T) {
	s := open(t, t.TempDir(), 3000) // two cases and what they say
	for _, c := range []struct {
		id     string
		pinned bool
		want   string
	}{
		{"a", true, "[a]"}, {"b", false, "[a b]"}, {"c", false, "[a c]"}, {"d", true, "[a d]"},
	} {
		if err := add(t, s, c.id, 1000, c.pinned); err != nil {
			t.Fatalf("%s: %v", c.id, err)
		}
		if got := fmt.Sprint(ids(s)); got != c.want {
			t.Fatalf("after %s: %s, want %s", c.id, got, c.want)
		}
	}
	if err := add(t, s, "e", 1000, false); !errors.Is(err, ErrFull) {
		t.Errorf("full of pinned ones: %v", err)
	}
	if err := add(t, s, "f", 5000, false); !errors.Is(err, ErrFull) {
		t.Errorf("larger than the spool: %v", err)
	}
	if st := s.Status(); fmt.Sprint(ids(s)) != "[a d]" || st.Dropped != 4 || st.Bytes > 3000 {
		t.Errorf("%v, %+v", ids(s), st)
	}
}

// TestBroken holds that what cannot be read is in nobody's way.
func TestBroken(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 1<<20)
	for _, id := range []string{"a", "b"} {
		if err := add(t, s, id, 10, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, s.entries()[0].name, caseFile), []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(ids(s)); got != "[b]" || s.Status().Dropped != 1 {
		t.Errorf("waiting %s, %+v", got, s.Status())
	}
	if err := s.Add(&fleet.Case{ID: "c", Snapshots: make([]fleet.Snapshot, 1)}, []string{filepath.Join(dir, "none")}); err == nil {
		t.Error("a case without its file is added")
	}
	left, err := filepath.Glob(filepath.Join(dir, partPrefix+"*"))
	if len(left) > 0 || err != nil || fmt.Sprint(ids(s)) != "[b]" {
		t.Errorf("left %v, %v, waiting %v", left, err, ids(s))
	}
}
