package tree

import (
	"os"
	"os/exec"
	"syscall"
)

func ownSession(*exec.Cmd) {}

// Signal ends processes: Windows has no signals.
func Signal(pids []int, _ syscall.Signal) {
	for _, pid := range pids {
		if p, err := os.FindProcess(pid); err == nil {
			_ = p.Kill()
		}
	}
}

// SignalGroup ends a process.
func SignalGroup(group int, signal syscall.Signal) error {
	Signal([]int{group}, signal)
	return nil
}
