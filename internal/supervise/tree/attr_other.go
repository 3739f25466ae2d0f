//go:build unix && !linux

package tree

import "syscall"

// Attr are the attributes of a child; own is for a process group of its own; user
// may be nil.
func Attr(own bool, user *User) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: own, Credential: user.credential()}
}
