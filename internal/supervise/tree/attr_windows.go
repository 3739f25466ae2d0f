package tree

import "syscall"

// Attr are the attributes of a child.
func Attr(bool, *User) *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
