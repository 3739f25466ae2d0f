//go:build unix && !linux

package tree

import "syscall"

// Attr are the attributes of a child; own is for a process group of its own.
func Attr(own bool) *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: own} }
