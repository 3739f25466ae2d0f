// Package sibling is how plumb has another program of the project do a command: one that
// has what would make plumb large. The other one takes plumb's place, with the same
// arguments. It is beside plumb, or on the PATH.
package sibling

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

// Run has the program of a name do what this plumb was asked for with args.
func Run(cmd *cobra.Command, ui *terminal.UI, name string, args []string) error {
	program, err := Find(name)
	if err != nil {
		return terminal.WithHint(fmt.Errorf("%s: %w", cmd.CommandPath(), err), Hint)
	}
	if err := become(cmd.Context(), ui, program, args); err != nil {
		return fmt.Errorf("run %s: %w", program, err)
	}
	return nil
}

// Hint is what to do when a program is not there.
const Hint = "install it beside plumb, or on the PATH: go install github.com/plumb-dev/plumb/cmd/...@latest"

// Find looks for a program of the project beside this one, then on the PATH.
func Find(name string) (string, error) {
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
