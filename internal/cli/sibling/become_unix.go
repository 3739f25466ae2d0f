//go:build unix

package sibling

import (
	"context"
	"os"
	"syscall"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// become turns this process into another program: streams, signals, process id and
// exit code are that one's from then on.
func become(_ context.Context, _ *terminal.UI, program string, args []string) error {
	return syscall.Exec(program, append([]string{program}, args...), os.Environ())
}
