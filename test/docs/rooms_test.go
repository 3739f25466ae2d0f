package docs

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestRooms holds that ARCHITECTURE.md names every package. (That what it names is there
// is for TestSpans.)
func TestRooms(t *testing.T) {
	table := readPage(t, "ARCHITECTURE.md").prose
	for _, dir := range []string{"cmd", "heap", "internal", "test"} {
		err := filepath.WalkDir(filepath.Join(top, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			if d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2 {
				return fs.SkipDir
			}
			sources, err := filepath.Glob(filepath.Join(path, "*.go"))
			room, _ := filepath.Rel(top, path)
			room = filepath.ToSlash(room)
			below := dir == "test" && strings.Count(room, "/") > 1 // the parts of a benchmark
			if len(sources) > 0 && !below && !strings.Contains(table, "| `"+room+"` |") {
				t.Errorf("%s is not in ARCHITECTURE.md", room)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
