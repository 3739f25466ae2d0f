package sibling

import (
	"context"
	"errors"
	"os/exec"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// become runs another program in this one's place: its streams and its exit code
// are ours.
func become(ctx context.Context, ui *terminal.UI, program string, args []string) error {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = ui.In, ui.Out, ui.Err
	err := cmd.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return terminal.ExitStatus(ended.ExitCode())
	}
	return err
}
