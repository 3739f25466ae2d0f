package source

import (
	"os"
	"path/filepath"
	"testing"
)

// TestReadFile holds that a script is read by its absolute path alone:
// another name of a script could be any file of the folder that plumb runs in.
func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("app.js", []byte("let queue"), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := ReadFile(filepath.Join(dir, "app.js")); string(text) != "let queue" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	for _, bad := range []string{"app.js", "node:fs", dir, filepath.Join(dir, "nothing.js")} {
		if text, err := ReadFile(bad); err == nil {
			t.Errorf("%s: %q", bad, text)
		}
	}
}
