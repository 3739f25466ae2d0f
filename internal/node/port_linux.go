package node

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// portHolder finds out who listens on a port of the candidate's network: a
// process id of this machine, 0 for one that cannot be seen; and whether
// somebody is connected there, as a debugger is.
func (c *candidate) portHolder(_ context.Context, port int) (holder int, taken, debugged bool) {
	var inode string
	for _, s := range listenTable(c.proc()) {
		if s.Port == port {
			inode, taken = s.Inode, true
		}
	}
	if !taken {
		return 0, false, false
	}
	debugged = connections(c.proc(), port) > 0
	processes, err := os.ReadDir("/proc")
	if err != nil {
		return 0, true, debugged
	}
	for _, entry := range processes {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		inodes, err := socketInodes(filepath.Join("/proc", entry.Name()))
		if _, has := inodes[inode]; err == nil && has {
			return pid, true, debugged
		}
	}
	return 0, true, debugged
}

// inUse tells whether somebody stays connected to the candidate's inspector at a
// port. One who only asks what is there is gone in a moment.
func (c *candidate) inUse(ctx context.Context, port int) bool {
	for range 5 {
		if connections(c.proc(), port) == 0 {
			return false
		}
		if !pause(ctx) {
			break
		}
	}
	return true
}

const stateEstablished = "01"

// connections counts those to the candidate's inspector at a port.
func (c *candidate) connections(_ context.Context, port int) int { return connections(c.proc(), port) }

// connections counts those that are open to a port.
func connections(proc string, port int) (count int) {
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(filepath.Join(proc, "net", table))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			fields := strings.Fields(line)
			if len(fields) < 10 || fields[3] != stateEstablished {
				continue
			}
			if _, local, ok := procAddress(fields[1]); ok && local == port {
				count++
			}
		}
	}
	return count
}
