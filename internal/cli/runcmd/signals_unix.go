//go:build unix

package runcmd

import (
	"os"
	"syscall"
)

// passedOn are the signals that are the programs' business.
var passedOn = []os.Signal{syscall.SIGUSR1, syscall.SIGUSR2}

// canRun tells whether this system has what keeping programs up takes.
func canRun() error { return nil }
