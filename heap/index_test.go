package heap_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// writeSnapshot makes a small snapshot file and returns its path.
func writeSnapshot(t *testing.T, dir string) string {
	t.Helper()
	b := testheap.New()
	root := b.Node("synthetic", "", 0)
	global := b.Node("object", "global", 8)
	b.Edge(root, "shortcut", "global", global)
	for i := range 50 {
		n := b.Node("object", fmt.Sprintf("Class%d", i%5), uint64(16+i))
		b.Edge(global, "property", fmt.Sprintf("p%d", i), n)
		s := b.Node("string", "täxt \"quoted\"\n", 24)
		b.Edge(n, "property", "text", s)
	}
	path := filepath.Join(dir, "x.heapsnapshot")
	if err := os.WriteFile(path, b.JSON(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// describe lists everything of a snapshot, to compare two.
func describe(t *testing.T, path string, opts heap.Options) string {
	t.Helper()
	s, err := heap.Open(context.Background(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for n := range heap.Node(s.NodeCount()) {
		fmt.Fprintln(&out, s.TypeName(n), s.Name(n), s.ID(n), s.ShallowSize(n), s.RetainedSize(n),
			s.Distance(n), s.Dominator(n), s.RetainerCount(n), s.Flags(n))
		for e, end := s.Edges(n); e < end; e++ {
			fmt.Fprintln(&out, " ", s.EdgeTypeName(e), s.EdgeName(e), s.EdgeTarget(e))
		}
		for e, from := range s.Retainers(n) {
			fmt.Fprintln(&out, " <", e, from)
		}
	}
	for _, d := range opts.Derive {
		fmt.Fprintf(&out, "%s %q\n", d.Name, s.Derived(d.Name))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// counting is a derivation that counts how often it is computed.
func counting(name string, times *int) heap.Derivation {
	return heap.Derivation{Name: name, Build: func(_ context.Context, s *heap.Snapshot) (func(context.Context) ([]byte, error), error) {
		*times++
		nodes := s.NodeCount()
		return func(context.Context) ([]byte, error) {
			return fmt.Appendf(nil, "%d nodes, %d bytes", nodes, s.RetainedSize(s.Root())), nil
		}, nil
	}}
}

func TestIndexSaysTheSame(t *testing.T) {
	path := writeSnapshot(t, t.TempDir())
	times := 0
	opts := heap.Options{NoIndex: true, Derive: []heap.Derivation{counting("count.v1", &times)}}
	want := describe(t, path, opts)
	if _, err := os.Stat(path + ".plumb"); err == nil {
		t.Fatal("NoIndex wrote an index")
	}
	opts.NoIndex, times = false, 0
	if got := describe(t, path, opts); got != want {
		t.Error("opening with an index to be written differs")
	}
	if _, err := os.Stat(path + ".plumb"); err != nil {
		t.Fatal(err)
	}
	if got := describe(t, path, opts); got != want {
		t.Errorf("the index says\n%s\nthe file\n%s", got, want)
	}
	if times != 1 {
		t.Errorf("derived %d times, want once for both opens", times)
	}
	// A derivation that the index lacks is computed and added to it.
	other := 0
	opts.Derive = append(opts.Derive, counting("other.v1", &other))
	describe(t, path, opts)
	describe(t, path, opts)
	if times != 1 || other != 1 {
		t.Errorf("derived %d and %d times, want once each", times, other)
	}
}

func TestIndexOfCompressed(t *testing.T) {
	dir := t.TempDir()
	path := writeSnapshot(t, dir)
	plain, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(plain)
	_ = z.Close()
	if err := os.WriteFile(path+".gz", packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	want := describe(t, path, heap.Options{NoIndex: true})
	for _, when := range []string{"first", "second"} {
		if got := describe(t, path+".gz", heap.Options{}); got != want {
			t.Errorf("%s open differs", when)
		}
	}
}

func TestIndexIsRebuilt(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, path string)
	}{
		{"damaged", func(t *testing.T, path string) {
			data, err := os.ReadFile(path + ".plumb")
			if err != nil {
				t.Fatal(err)
			}
			data[len(data)/2] ^= 0xFF
			if err := os.WriteFile(path+".plumb", data, 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		{"cut", func(t *testing.T, path string) {
			if err := os.Truncate(path+".plumb", 1000); err != nil {
				t.Fatal(err)
			}
		}},
		{"empty", func(t *testing.T, path string) {
			if err := os.Truncate(path+".plumb", 0); err != nil {
				t.Fatal(err)
			}
		}},
		{"snapshot touched", func(t *testing.T, path string) {
			later := time.Now().Add(time.Hour)
			if err := os.Chtimes(path, later, later); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := writeSnapshot(t, t.TempDir())
			times := 0
			opts := heap.Options{Derive: []heap.Derivation{counting("count.v1", &times)}}
			want := describe(t, path, opts)
			c.spoil(t, path)
			for range 2 { // the second open reads the new index
				if got := describe(t, path, opts); got != want {
					t.Errorf("differs after the index was %s", c.name)
				}
			}
			if times != 2 {
				t.Errorf("derived %d times, want 2: once before and once after", times)
			}
		})
	}
}

// TestIndexElsewhere is for snapshots in a folder that takes no files: a file
// in the place of the index stands for the lack of rights, which root has.
func TestIndexElsewhere(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	path := writeSnapshot(t, t.TempDir())
	if err := os.Mkdir(path+".plumb", 0o700); err != nil {
		t.Fatal(err)
	}
	times := 0
	opts := heap.Options{Derive: []heap.Derivation{counting("count.v1", &times)}}
	want := describe(t, path, opts)
	if got := describe(t, path, opts); got != want {
		t.Error("differs")
	}
	if times != 1 {
		t.Errorf("derived %d times: the index in the cache folder was not used", times)
	}
}
