//go:build unix

package cluster

import (
	"syscall"

	"golang.org/x/sys/unix"
)

func socketPairFDs() ([2]int, error) {
	// No child but the one that it is for may inherit an end.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return fds, err
	}
	unix.CloseOnExec(fds[0])
	unix.CloseOnExec(fds[1])
	return fds, nil
}

func rights(fd int) []byte { return unix.UnixRights(fd) }
