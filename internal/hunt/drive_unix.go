//go:build unix

package hunt

import (
	"os/exec"
	"syscall"
)

// shell runs a line of the user's.
var shell = []string{"/bin/sh", "-c"}

// asGroup lets the end of the shell be the end of what it started.
func asGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
}
