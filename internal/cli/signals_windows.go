package cli

import (
	"os"
	"strings"
	"syscall"
)

// passedOn are the signals that are the programs' business: there are none.
var passedOn []os.Signal

// signalByName reads the two that Windows has something for; 0 for others.
func signalByName(name string) syscall.Signal {
	switch strings.TrimPrefix(strings.ToUpper(name), "SIG") {
	case "TERM":
		return syscall.SIGTERM
	case "INT":
		return syscall.SIGINT
	default:
		return 0
	}
}
