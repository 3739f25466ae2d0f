//go:build unix

package tree

import (
	"os/exec"
	"syscall"
)

// ownSession keeps the signals of our terminal and our process group away.
func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// Signal sends a signal to processes; one that has ended is passed over.
func Signal(pids []int, signal syscall.Signal) {
	for _, pid := range pids {
		_ = syscall.Kill(pid, signal)
	}
}

// SignalGroup sends a signal to all processes of a group.
func SignalGroup(group int, signal syscall.Signal) error { return syscall.Kill(-group, signal) }

func (u *User) credential() *syscall.Credential {
	if u == nil {
		return nil
	}
	return &syscall.Credential{Uid: u.UID, Gid: u.GID}
}
