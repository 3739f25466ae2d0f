package node

import (
	"bufio"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// freeMemory is what a process may still take, in bytes, and whose limit that
// is. What cannot be read is taken as no limit. pid 0 is a process elsewhere.
func freeMemory(pid int) (free uint64, of string) {
	if pid == 0 {
		return math.MaxUint64, ""
	}
	free, of = memAvailable("/proc/meminfo"), "the machine"
	if inGroup := cgroupHeadroom("/", pid); inGroup < free {
		free, of = inGroup, "its cgroup"
	}
	return free, of
}

func memAvailable(path string) uint64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return math.MaxUint64
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "MemAvailable:"); ok {
			if n, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64); err == nil {
				return n * 1024
			}
		}
	}
	return math.MaxUint64
}

// cgroupHeadroom is the least that is left in the memory cgroup of a process
// and those above it, of version 1 and 2. Memory that the kernel can take back
// from the cgroup (clean file pages) counts as free. root is "/" but in tests.
func cgroupHeadroom(root string, pid int) uint64 {
	free := uint64(math.MaxUint64)
	f, err := os.Open(filepath.Join(root, "proc", strconv.Itoa(pid), "cgroup"))
	if err != nil {
		return free
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		// hierarchy-ID:controllers:path
		fields := strings.SplitN(lines.Text(), ":", 3)
		if len(fields) != 3 {
			continue
		}
		switch {
		case fields[1] == "": // version 2
			for _, mount := range []string{"sys/fs/cgroup", "sys/fs/cgroup/unified"} {
				free = min(free, headroomUp(filepath.Join(root, mount), fields[2],
					"memory.max", "memory.current", "inactive_file"))
			}
		case strings.Contains(","+fields[1]+",", ",memory,"):
			free = min(free, headroomUp(filepath.Join(root, "sys/fs/cgroup/memory"), fields[2],
				"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"))
		}
	}
	return free
}

// headroomUp looks at a cgroup and all above it, up to the mount point. In a
// container the path may be that of the host: then the mount point is ours.
func headroomUp(mount, path, limitFile, usageFile, reclaimable string) uint64 {
	free := uint64(math.MaxUint64)
	for {
		dir := filepath.Join(mount, path)
		limit, okLimit := readNumber(filepath.Join(dir, limitFile))
		usage, okUsage := readNumber(filepath.Join(dir, usageFile))
		if okLimit && okUsage {
			usage -= min(usage, statNumber(filepath.Join(dir, "memory.stat"), reclaimable))
			free = min(free, limit-min(limit, usage))
		}
		if path == "/" || path == "." || path == "" {
			return free
		}
		path = filepath.Dir(path)
	}
}

// readNumber reads a file with one number; "max" is none.
func readNumber(path string) (uint64, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil
}

func statNumber(path, name string) uint64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok && key == name {
			n, _ := strconv.ParseUint(value, 10, 64)
			return n
		}
	}
	return 0
}
