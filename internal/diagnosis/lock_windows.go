package diagnosis

import (
	"os"

	"golang.org/x/sys/windows"
)

// tryLock locks a file until it is closed, or its process ends in any way.
func tryLock(f *os.File) bool {
	const all = 1
	flags := uint32(windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY)
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, all, 0, &windows.Overlapped{}) == nil
}
