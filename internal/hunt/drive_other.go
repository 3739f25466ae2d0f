//go:build !unix

package hunt

import "os/exec"

var shell = []string{"cmd", "/c"}

func asGroup(*exec.Cmd) {}
