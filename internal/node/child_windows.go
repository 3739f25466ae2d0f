package node

import (
	"os"
	"os/exec"
	"syscall"
)

// Windows knows no polite signal: both kill.
const (
	politely = windowsSignal(0)
	forcibly = windowsSignal(1)

	windowChanged = syscall.Signal(28) // never comes
)

type windowsSignal int

func ownGroup(*exec.Cmd) {}

func ownSession(*exec.Cmd) {}

func signalGroup(p *os.Process, _ windowsSignal) error { return p.Kill() }

func signalOf(*os.ProcessState) string { return "" }
