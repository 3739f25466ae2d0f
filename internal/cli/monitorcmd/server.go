package monitorcmd

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// serverName is the program with what would make this one large.
const serverName = "plumb-server"

// runServer has plumb-server do what this plumb was asked for.
func runServer(cmd *cobra.Command, ui *terminal.UI, args []string) error {
	server, err := findServer()
	if err != nil {
		return terminal.WithHint(fmt.Errorf("%s: %w", cmd.CommandPath(), err),
			"install it beside plumb, or on the PATH: go install github.com/plumb-dev/plumb/cmd/...@latest")
	}
	if err := become(cmd.Context(), ui, server, args); err != nil {
		return fmt.Errorf("run %s: %w", server, err)
	}
	return nil
}

// findServer looks beside this program, then on the PATH.
func findServer() (string, error) {
	name := serverName
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if self, err := os.Executable(); err == nil {
		if resolved, err := filepath.EvalSymlinks(self); err == nil {
			self = resolved
		}
		beside := filepath.Join(filepath.Dir(self), name)
		if info, err := os.Stat(beside); err == nil && !info.IsDir() {
			return beside, nil
		}
	}
	path, err := exec.LookPath(name)
	if errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("the program %s is not there", name)
	}
	return path, err
}
