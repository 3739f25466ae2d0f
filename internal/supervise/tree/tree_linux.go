package tree

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Adopt makes orphans below this process its children.
func Adopt() error {
	return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
}

// Of lists a process and all below it, parents first; nil when it has ended.
func Of(pid int) []int {
	if _, alive := stateOf(pid); !alive {
		return nil
	}
	list := []int{pid}
	for i := 0; i < len(list); i++ {
		list = append(list, children(list[i])...)
	}
	return list
}

// children asks each thread of a process for those that it has started.
func children(pid int) []int {
	tasks := "/proc/" + strconv.Itoa(pid) + "/task"
	threads, err := os.ReadDir(tasks)
	if err != nil {
		return nil
	}
	var list []int
	for _, thread := range threads {
		text, err := os.ReadFile(tasks + "/" + thread.Name() + "/children")
		if err != nil {
			continue
		}
		for _, word := range strings.Fields(string(text)) {
			if n, err := strconv.Atoi(word); err == nil {
				list = append(list, n)
			}
		}
	}
	return list
}

// RSS is the memory that processes have in RAM together, in bytes. What they
// may share (files, shared memory) is counted once, for the one that has most of
// it.
func RSS(pids []int) (uint64, error) {
	var private, shared uint64
	seen := false
	for _, pid := range pids {
		text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
		if err != nil {
			continue // it has ended
		}
		// size resident shared ..., in pages
		fields := strings.Fields(string(text))
		if len(fields) < 3 {
			continue
		}
		resident, errResident := strconv.ParseUint(fields[1], 10, 64)
		common, errShared := strconv.ParseUint(fields[2], 10, 64)
		if errResident != nil || errShared != nil {
			continue
		}
		private += resident - min(resident, common)
		shared = max(shared, common)
		seen = true
	}
	if !seen {
		return 0, unreadable()
	}
	return (private + shared) * uint64(os.Getpagesize()), nil
}

// unreadable tells a system that hides processes from a process that has ended.
func unreadable() error {
	if _, err := os.ReadFile("/proc/self/statm"); err != nil {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return os.ErrProcessDone
}

// Orphans lists our children with a mark in their environment, and all below
// them.
func Orphans(mark string) []int {
	var list []int
	for _, pid := range children(os.Getpid()) {
		if Marked(pid, mark) {
			list = append(list, Of(pid)...)
		}
	}
	return list
}

// Marked tells whether a process has a mark ("NAME=value") in its environment.
func Marked(pid int, mark string) bool {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	if err != nil {
		return false
	}
	for entry := range bytes.SplitSeq(text, []byte{0}) {
		if string(entry) == mark {
			return true
		}
	}
	return false
}

// Find lists all processes of this user with a mark.
func Find(mark string) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var list []int
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil && pid != os.Getpid() && Marked(pid, mark) {
			list = append(list, pid)
		}
	}
	return list
}

// Reaper lets go of orphans that have ended, for which nobody asks: without it
// process 1 of a container fills its table with them.
type Reaper struct{ seen map[int]bool }

// Reap lets go of those that had ended at the last call already: whoever started
// a process himself has asked for its end by then. Call it about once a second.
func (r *Reaper) Reap() {
	seen := map[int]bool{}
	for _, pid := range children(os.Getpid()) {
		if state, _ := stateOf(pid); state != 'Z' {
			continue
		}
		if !r.seen[pid] {
			seen[pid] = true
			continue
		}
		var status syscall.WaitStatus
		_, _ = syscall.Wait4(pid, &status, syscall.WNOHANG, nil)
	}
	r.seen = seen
}

// Alive leaves those of the processes that have not ended.
func Alive(pids []int) []int {
	var list []int
	for _, pid := range pids {
		if _, alive := stateOf(pid); alive {
			list = append(list, pid)
		}
	}
	return list
}

// stateOf is the letter that the kernel has for what a process does; not alive
// when it has ended, though nobody may have asked for it yet.
func stateOf(pid int) (state byte, alive bool) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, false
	}
	// pid (name) state ...: a name may hold anything.
	at := bytes.LastIndexByte(text, ')')
	if at < 0 || at+2 >= len(text) {
		return 0, false
	}
	state = text[at+2]
	return state, state != 'Z' && state != 'X'
}
