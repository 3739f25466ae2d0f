//go:build unix

package runcmd

import (
	"os"
	"syscall"
)

// passedOn are the signals that are the programs' business.
var passedOn = []os.Signal{syscall.SIGUSR1, syscall.SIGUSR2}
