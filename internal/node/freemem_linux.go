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
	if n := meminfo(path, "MemAvailable:"); n > 0 {
		return n
	}
	return math.MaxUint64
}

func memTotal(path string) uint64 { return meminfo(path, "MemTotal:") }

// meminfo reads a line of /proc/meminfo in bytes, 0 when it is not there.
func meminfo(path, name string) uint64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			if n, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64); err == nil {
				return n * 1024
			}
		}
	}
	return 0
}

// MemoryLimit is what a process may take at most: the least limit of its memory
// cgroup and those above it, or the memory of the machine, in bytes; 0 when that
// cannot be read.
func MemoryLimit(pid int) uint64 {
	limit := memTotal("/proc/meminfo")
	for _, dir := range cgroupDirs("/", pid) {
		if n, ok := readNumber(filepath.Join(dir.path, dir.limit)); ok && (limit == 0 || n < limit) {
			limit = n
		}
	}
	return limit
}

// OOMKills counts the processes that the kernel has killed for want of memory in
// our own memory cgroup and those below it; on the whole machine where the kernel
// does not count by cgroup.
func OOMKills() uint64 { return oomKills("/", os.Getpid()) }

func oomKills(root string, pid int) uint64 {
	for _, dir := range cgroupDirs(root, pid) {
		for _, file := range []string{"memory.events", "memory.oom_control"} {
			if n, ok := statNumber(filepath.Join(dir.path, file), "oom_kill"); ok {
				return n
			}
		}
	}
	n, _ := statNumber(filepath.Join(root, "proc/vmstat"), "oom_kill")
	return n
}

// cgroupHeadroom is the least that is left in the memory cgroup of a process
// and those above it. Memory that the kernel can take back from the cgroup (clean
// file pages) counts as free. root is "/" but in tests.
func cgroupHeadroom(root string, pid int) uint64 {
	free := uint64(math.MaxUint64)
	for _, dir := range cgroupDirs(root, pid) {
		limit, okLimit := readNumber(filepath.Join(dir.path, dir.limit))
		usage, okUsage := readNumber(filepath.Join(dir.path, dir.usage))
		if okLimit && okUsage {
			reclaimable, _ := statNumber(filepath.Join(dir.path, "memory.stat"), dir.reclaimable)
			usage -= min(usage, reclaimable)
			free = min(free, limit-min(limit, usage))
		}
	}
	return free
}

// cgroupDir is the directory of a memory cgroup, with the names of its files.
type cgroupDir struct{ path, limit, usage, reclaimable string }

// cgroupDirs lists the memory cgroup of a process and those above it, up to the
// mount point, of version 1 and 2. In a container the path may be that of the
// host: then the mount point is ours.
func cgroupDirs(root string, pid int) []cgroupDir {
	f, err := os.Open(filepath.Join(root, "proc", strconv.Itoa(pid), "cgroup"))
	if err != nil {
		return nil
	}
	defer f.Close()
	var dirs []cgroupDir
	up := func(mount, path string, files cgroupDir) {
		for {
			files.path = filepath.Join(root, mount, path)
			dirs = append(dirs, files)
			if path == "/" || path == "." || path == "" {
				return
			}
			path = filepath.Dir(path)
		}
	}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		// hierarchy-ID:controllers:path
		fields := strings.SplitN(lines.Text(), ":", 3)
		if len(fields) != 3 {
			continue
		}
		switch {
		case fields[1] == "": // version 2
			v2 := cgroupDir{limit: "memory.max", usage: "memory.current", reclaimable: "inactive_file"}
			up("sys/fs/cgroup", fields[2], v2)
			up("sys/fs/cgroup/unified", fields[2], v2)
		case strings.Contains(","+fields[1]+",", ",memory,"):
			up("sys/fs/cgroup/memory", fields[2],
				cgroupDir{limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes", reclaimable: "total_inactive_file"})
		}
	}
	return dirs
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

// statNumber reads a line "name number" of a file.
func statNumber(path, name string) (uint64, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok && key == name {
			n, err := strconv.ParseUint(value, 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}
