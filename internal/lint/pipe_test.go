//go:build unix

package lint_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/config"
)

// TestPipe holds that a pipe by the name of a source is refused, not waited for.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.js")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	result, err := lint.Run(t.Context(), []string{path}, &config.Config{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Problems) != 1 || !strings.Contains(result.Problems[0].Reason, "no regular file") {
		t.Errorf("%+v", result)
	}
}
