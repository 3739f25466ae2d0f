//go:build !linux

package runcmd

import (
	"errors"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// hasSystemd tells that there is none.
func hasSystemd() error {
	return terminal.WithHint(errors.New("plumb startup: there is no systemd on this system"),
		"--print prints the unit; on macOS have launchd run the same command (man launchd.plist)")
}
