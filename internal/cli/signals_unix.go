//go:build unix

package cli

import (
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// passedOn are the signals that are the programs' business.
var passedOn = []os.Signal{syscall.SIGUSR1, syscall.SIGUSR2}

// signalByName reads SIGTERM, TERM or term; 0 for no signal.
func signalByName(name string) syscall.Signal {
	name = strings.ToUpper(name)
	if !strings.HasPrefix(name, "SIG") {
		name = "SIG" + name
	}
	return unix.SignalNum(name)
}
