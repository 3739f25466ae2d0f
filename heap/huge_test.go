package heap_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/heap"
)

// TestHugeHeader: small files whose header promises a huge graph are refused
// without the memory for it, whether their size is known or not.
func TestHugeHeader(t *testing.T) {
	for _, counts := range []map[string]any{
		{"node_count": 1e12},
		{"edge_count": 1e12},
		{"node_count": 1e12, "edge_count": 1e12},
		{"node_count": 2e8},
		{"edge_count": 2e8},
		{"node_count": 1<<28 - 1, "edge_count": 1<<32 - 2},
		{"trace_function_count": 1e12, "edge_count": 1e9},
	} {
		b := full()
		for name, n := range counts {
			b.Header[name] = n
		}
		text := b.JSON()
		path := filepath.Join(t.TempDir(), "huge.heapsnapshot")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		for way, open := range map[string]func() (*heap.Snapshot, error){
			"file":   func() (*heap.Snapshot, error) { return heap.Open(t.Context(), path, heap.Options{}) },
			"stream": func() (*heap.Snapshot, error) { return heap.Read(t.Context(), bytes.NewReader(text), heap.Options{}) },
			"gzip": func() (*heap.Snapshot, error) {
				return heap.Read(t.Context(), bytes.NewReader(gzipped(t, text)), heap.Options{})
			},
		} {
			grown := int64(1 << 62)
			var err error
			for range 3 { // the system's account is rough: the least counts
				before := resident(t)
				_, err = open()
				grown = min(grown, resident(t)-before)
			}
			var e *heap.Error
			if !errors.As(err, &e) || e.Hint == "" || !errors.Is(err, heap.ErrCorrupt) && !errors.Is(err, heap.ErrTruncated) && !errors.Is(err, heap.ErrTooBig) {
				t.Errorf("%v as a %s: %v", counts, way, err)
			}
			if grown > 64<<20 {
				t.Errorf("%v as a %s: %d MB more", counts, way, grown>>20)
			}
		}
	}
}

// resident is how much memory the process really has, in bytes; 0 where the
// system does not say.
func resident(t *testing.T) int64 {
	t.Helper()
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var total, resident int64
	if _, err := fmt.Sscan(string(text), &total, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * int64(os.Getpagesize())
}

// TestHugeTokens: a text that never comes to an end of one token is refused
// while it is still small in memory.
func TestHugeTokens(t *testing.T) {
	head, _, _ := strings.Cut(string(full().JSON()), "\"nodes\":[")
	for name, test := range map[string]struct {
		start string
		size  int
	}{
		"number of a node":     {head + `"nodes":[`, 1 << 20},
		"number of a sample":   {head + `"samples":[`, 1 << 20},
		"name of a member":     {head + `"`, 1 << 20},
		"name before a header": {`{"`, 1 << 20},
		"header":               {`{"snapshot":[`, 70 << 20},
	} {
		err := fail(t, test.start+strings.Repeat("1", test.size))
		var e *heap.Error
		if !errors.As(err, &e) || !errors.Is(err, heap.ErrCorrupt) && !errors.Is(err, heap.ErrNotSnapshot) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
