package tree

import "syscall"

// Attr are the attributes of a child that is asked to end when the thread that
// started it does: start all children on one thread that stays. own is for a
// process group of its own; user may be nil.
func Attr(own bool, user *User) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: own, Pdeathsig: syscall.SIGTERM, Credential: user.credential()}
}
