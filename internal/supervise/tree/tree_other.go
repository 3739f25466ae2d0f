//go:build !linux

package tree

import (
	"fmt"
	"os"
	"slices"

	"github.com/shirou/gopsutil/v4/process"
)

// Adopt makes orphans below this process its children: only Linux can.
func Adopt() error { return nil }

// Of lists a process and all below it, parents first; nil when it has ended.
func Of(pid int) []int {
	if len(Alive([]int{pid})) == 0 {
		return nil
	}
	list := []int{pid}
	for i := 0; i < len(list); i++ {
		p, err := process.NewProcess(int32(list[i]))
		if err != nil {
			continue
		}
		children, err := p.Children()
		if err != nil {
			continue // it has none
		}
		for _, c := range children {
			list = append(list, int(c.Pid))
		}
	}
	return list
}

// RSS is the memory that processes have in RAM together, in bytes.
func RSS(pids []int) (uint64, error) {
	var sum uint64
	var failure error
	for _, pid := range pids {
		p, err := process.NewProcess(int32(pid))
		if err != nil {
			continue // it has ended
		}
		m, err := p.MemoryInfo()
		if err != nil {
			failure = err
			continue
		}
		sum += m.RSS
	}
	switch {
	case sum > 0:
		return sum, nil
	case failure != nil:
		return 0, fmt.Errorf("%w: %w", ErrUnreadable, failure)
	default:
		return 0, os.ErrProcessDone
	}
}

// Orphans lists our children with a mark: the system adopts them, not we.
func Orphans(string) []int { return nil }

// Marked tells whether a process has a mark in its environment, which only
// Linux shows.
func Marked(int, string) bool { return false }

// Find lists all processes of this user with a mark.
func Find(string) []int { return nil }

// Reaper lets go of orphans that have ended: there are none.
type Reaper struct{}

// Reap does nothing.
func (*Reaper) Reap() {}

// Alive leaves those of the processes that have not ended.
func Alive(pids []int) []int {
	return slices.DeleteFunc(slices.Clone(pids), func(pid int) bool {
		p, err := process.NewProcess(int32(pid))
		if err != nil {
			return true
		}
		status, err := p.Status()
		return err == nil && slices.Contains(status, process.Zombie)
	})
}
