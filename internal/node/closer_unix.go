//go:build unix

package node

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// dropInherited closes the files that whoever started us has left open in us: he
// may wait for their end. Those of Go are marked to be closed for children.
func dropInherited() {
	entries, err := os.ReadDir("/dev/fd")
	if err != nil {
		return
	}
	for _, entry := range entries {
		fd, err := strconv.Atoi(entry.Name())
		if err != nil || fd <= 2 {
			continue
		}
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			_ = unix.Close(fd)
		}
	}
}
