package runcmd

import (
	"errors"
	"os"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// passedOn are the signals that are the programs' business: Windows has none.
var passedOn []os.Signal

// canRun tells what is missing.
func canRun() error {
	return terminal.WithHint(errors.New("plumb run: Windows has no signals, and no process groups to end a program with all that it has started"),
		"run it in WSL or in a container")
}
