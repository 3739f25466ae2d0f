//go:build unix

package node

import (
	"errors"
	"fmt"
	"syscall"
)

// sendSIGUSR1 asks a Node.js process to open its inspector.
func sendSIGUSR1(pid int) error {
	switch err := syscall.Kill(pid, syscall.SIGUSR1); {
	case errors.Is(err, syscall.ESRCH):
		return ErrNoProcess
	case errors.Is(err, syscall.EPERM):
		return fmt.Errorf("%w: it is another user's process", ErrPermission)
	default:
		return err
	}
}

// exists tells whether there is a process with this id.
func exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
