//go:build !linux

package diagnosis

// humble lets a process have what others leave, on Linux.
func humble(int) {}
