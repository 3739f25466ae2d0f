package testheap

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/plumb-dev/plumb/heap"
)

// Open reads the snapshot; it is closed when the test ends.
func (b *Builder) Open(t testing.TB) *heap.Snapshot {
	t.Helper()
	s, err := heap.Read(t.Context(), bytes.NewReader(b.JSON()), heap.Options{})
	if err != nil {
		t.Fatalf("open built snapshot: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close built snapshot: %v", err)
		}
	})
	return s
}

// File writes the snapshot to a file of the test's own folder and returns its
// path.
func (b *Builder) File(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b.JSON(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
