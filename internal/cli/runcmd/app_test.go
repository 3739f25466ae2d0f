package runcmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestName is what an app is called without --name.
func TestName(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, file := range []string{"worker.js", "app.js"} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	folder := filepath.Base(dir)
	for command, want := range map[string]string{
		"node worker.js": "worker", "node --inspect worker.js --port 3": "worker", "node app.js": folder, "npm start": folder,
		"node -e 1": folder, "sleep 5": folder,
	} {
		if got := nameOf(strings.Fields(command)); got != want {
			t.Errorf("%s is called %s, want %s", command, got, want)
		}
	}
}
