package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

var testKey = Key{Size: 12345, ModTime: 67890, Sample: [32]byte{1, 2, 3}}

func testSections() []Section {
	big := make([]byte, 3*blockSize+17)
	for i := range big {
		big[i] = byte(i * 7)
	}
	return []Section{{"a", []byte("hello")}, {"empty", nil}, {"big", big}, {"last", []byte{1}}}
}

func write(t testing.TB, path string) []byte {
	t.Helper()
	if err := Write(context.Background(), path, testKey, testSections()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.plumb")
	write(t, path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v, a snapshot's content is for its owner only", info.Mode())
	}
	f, err := Open(path, testKey)
	if err != nil {
		t.Fatal(err)
	}
	defer column.UnmapFile(f.Data())
	for _, s := range testSections() {
		got, ok := f.Section(s.Name)
		if !ok || !cmp.Equal(append([]byte{}, got...), append([]byte{}, s.Data...)) {
			t.Errorf("section %s differs", s.Name)
		}
	}
	if _, ok := f.Section("none"); ok {
		t.Error("a section that was never written is there")
	}
}

func TestStale(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.plumb")
	data := write(t, path)
	for name, key := range map[string]Key{
		"size":   {12346, 67890, testKey.Sample},
		"time":   {12345, 67891, testKey.Sample},
		"sample": {12345, 67890, [32]byte{1, 2, 4}},
	} {
		if _, err := Open(path, key); !errors.Is(err, ErrStale) {
			t.Errorf("%s: got %v, want stale", name, err)
		}
	}
	data[8]++ // version
	if _, err := Parse(data, testKey); !errors.Is(err, ErrStale) {
		t.Errorf("version: got %v, want stale", err)
	}
}

// TestEveryByteCounts flips every byte of a small index in turn.
func TestEveryByteCounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.plumb")
	sections := []Section{{"a", []byte("hello")}, {"b", make([]byte, 100)}}
	if err := Write(context.Background(), path, testKey, sections); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		data[i] ^= 0x10
		f, err := Parse(data, testKey)
		if err == nil && !isPadding(data, f, i) {
			t.Errorf("byte %d flipped and not noticed", i)
		}
		data[i] ^= 0x10
	}
	for n := range data {
		if _, err := Parse(data[:n], testKey); err == nil {
			t.Errorf("cut to %d bytes and not noticed", n)
		}
	}
}

// isPadding says whether byte i lies between sections, where nothing is.
func isPadding(data []byte, f *File, i int) bool {
	for _, s := range f.Sections() {
		for k := range s {
			if &s[k] == &data[i] {
				return false
			}
		}
	}
	return i >= headSize
}

func TestFailedWriteLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Write(ctx, filepath.Join(dir, "x.plumb"), testKey, testSections()); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	// A folder in the way makes the rename fail, after everything is written.
	if err := os.Mkdir(filepath.Join(dir, "y.plumb"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(context.Background(), filepath.Join(dir, "y.plumb"), testKey, testSections()); err == nil {
		t.Fatal("wrote over a folder")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != "y.plumb" {
		t.Errorf("left behind: %v", entries)
	}
}

func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.plumb")
	hours := time.Now().Add(-2 * time.Hour)
	for name, old := range map[string]bool{".x.plumb.1.tmp": true, ".x.plumb.2.tmp": false, ".y.plumb.3.tmp": true} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if old {
			if err := os.Chtimes(filepath.Join(dir, name), hours, hours); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(t, path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := []string{".x.plumb.2.tmp", ".y.plumb.3.tmp", "x.plumb"}
	if d := cmp.Diff(want, names); d != "" {
		t.Error(d)
	}
}

func FuzzIndex(f *testing.F) {
	path := filepath.Join(f.TempDir(), "x.plumb")
	if err := Write(context.Background(), path, testKey, []Section{{"a", []byte("hello")}, {"b", make([]byte, 70)}}); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)-1])
	f.Add(data[:headSize])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse(data, testKey)
		if err != nil {
			if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrStale) {
				t.Fatalf("error of no kind: %v", err)
			}
			return
		}
		for _, s := range file.Sections() {
			for range s {
			}
		}
	})
}
