package logfile

import "syscall"

// mountSmall mounts a file system of 1 MiB, which only root can.
func mountSmall(dir string) error { return syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m") }

func unmount(dir string) error { return syscall.Unmount(dir, 0) }
