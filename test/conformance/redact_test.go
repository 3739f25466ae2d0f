//go:build conformance

package conformance

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/plumb-dev/plumb/heap"
)

// TestConformanceRedacted compares everything on snapshots without contents: DevTools
// opens them, and finds the same.
func TestConformanceRedacted(t *testing.T) {
	for _, version := range []string{"20", "22", "24", "26"} {
		t.Run("node"+version, func(t *testing.T) {
			dir, redacted := t.TempDir(), t.TempDir()
			capture(t, nodeBinary(t, version), dir, "n"+version)
			files, err := filepath.Glob(filepath.Join(dir, "*.heapsnapshot"))
			if err != nil || len(files) == 0 {
				t.Fatalf("%d snapshots, %v", len(files), err)
			}
			for _, file := range files {
				out, err := os.Create(filepath.Join(redacted, filepath.Base(file)))
				if err != nil {
					t.Fatal(err)
				}
				if done, err := heap.Redact(t.Context(), file, out); err != nil || done.Replaced == 0 {
					t.Fatalf("%+v, %v", done, err)
				}
				if err := out.Close(); err != nil {
					t.Fatal(err)
				}
			}
			compareAll(t, redacted)
		})
	}
}
