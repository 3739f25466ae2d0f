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

// MemoryLimit is what a process may take at most: the memory of the machine, in
// bytes; 0 when that cannot be read.
func MemoryLimit(int) uint64 {
	memory, err := mem.VirtualMemory()
	if err != nil {
		return 0
	}
	return memory.Total
}

// OOMKills counts the processes that the system has killed for want of memory: it
// does not tell.
func OOMKills() uint64 { return 0 }
