//go:build unix

package supervise

import "golang.org/x/sys/unix"

// signalNumber is the number of a signal's name, 0 for none.
func signalNumber(name string) int { return int(unix.SignalNum(name)) }
