package huntcmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/hunt"
)

// huntError words why a hunt failed, after what the program said last.
func huntError(ctx context.Context, ui *terminal.UI, err error) error {
	var notReady *hunt.NotReadyError
	var died *hunt.DiedError
	var unreachable *hunt.UnreachableError
	var driven *hunt.DriveError
	switch {
	case ctx.Err() != nil:
		return context.Canceled
	case errors.As(err, &died):
		quote(ui, died.Output)
		return terminal.WithHint(err, "%s", diedHint(died))
	case errors.As(err, &notReady):
		quote(ui, notReady.Output)
		return terminal.WithHint(err, "say when it is ready: --ready-url, --ready-line, --ready-delay; a program without a port needs --drive, too, as --drive 'sleep 2' --ready-delay 1s to watch it work by itself")
	case errors.As(err, &unreachable):
		return terminal.WithHint(err, "give the address of a page that it serves: --url")
	case errors.Is(err, hunt.ErrDisturbed):
		return terminal.WithHint(err, "close the debuggers of the program (an editor's auto attach, chrome://inspect, another plumb), and hunt again")
	case errors.As(err, &driven):
		return terminal.WithHint(err, "try the command by itself; the address of the program is in PLUMB_URL")
	default:
		return err
	}
}

// quote shows the last lines of the program under watch.
func quote(ui *terminal.UI, output string) {
	if output == "" {
		return
	}
	fmt.Fprintln(ui.Err, "the program printed last:")
	for line := range strings.Lines(output) {
		fmt.Fprintln(ui.Err, "  "+terminal.Printable(strings.TrimRight(line, "\n")))
	}
}

// diedHint says what to do about a program that ended.
func diedHint(e *hunt.DiedError) string {
	switch {
	case strings.Contains(e.Output, "EADDRINUSE"):
		return "another process has the port: stop it, or have the program choose another one (often PORT=0)"
	case strings.Contains(e.Output, "heap out of memory"):
		return "it ran out of memory, which a leak does: hunt with fewer --requests, or more heap (node --max-old-space-size=2048)"
	case e.Exit != nil && e.Exit.Signal == "SIGKILL":
		return "something killed it: the kernel does when memory runs out (see dmesg)"
	case e.Early():
		return "run it by itself to see why"
	default:
		return "run it by itself and send it the same requests"
	}
}
