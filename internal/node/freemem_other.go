//go:build !linux

package node

import (
	"math"

	"github.com/shirou/gopsutil/v4/mem"
)

// freeMemory is what a process may still take, in bytes, and whose limit that
// is. pid 0 is a process elsewhere.
func freeMemory(pid int) (free uint64, of string) {
	if pid == 0 {
		return math.MaxUint64, ""
	}
	memory, err := mem.VirtualMemory()
	if err != nil {
		return math.MaxUint64, ""
	}
	return memory.Available, "the machine"
}
