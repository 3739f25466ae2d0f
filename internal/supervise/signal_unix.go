//go:build unix

package supervise

import "golang.org/x/sys/unix"

// SignalNumber is the number of a signal's name, 0 for none.
func SignalNumber(name string) int { return int(unix.SignalNum(name)) }
