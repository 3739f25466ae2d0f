//go:build !linux

package metrics

import "os"

// rootOf is the root directory of a process: there are no containers.
func rootOf(int) string { return "" }

// temporary is a directory for what is there for a moment.
func temporary(string) string { return os.TempDir() }

// give makes a file that of the process's user: another user's is not attached to.
func give(string, int) error { return nil }
