package metrics

import (
	"os"
	"strconv"
	"syscall"
)

// rootOf is the root directory of a process as we see it: that of its container.
// It is "" where it is ours.
func rootOf(pid int) string {
	root := "/proc/" + strconv.Itoa(pid) + "/root"
	if info, err := os.Lstat(root + "/tmp"); err != nil || !info.IsDir() {
		return ""
	}
	return root
}

// temporary is a directory below the root for what is there for a moment.
func temporary(root string) string {
	if root == "" {
		return os.TempDir()
	}
	return "/tmp"
}

// give makes a file that of the process's user.
func give(path string, pid int) error {
	info, err := os.Stat("/proc/" + strconv.Itoa(pid))
	if err != nil {
		return errEnded
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(owner.Uid) == os.Geteuid() {
		return nil
	}
	return os.Lchown(path, int(owner.Uid), int(owner.Gid))
}
