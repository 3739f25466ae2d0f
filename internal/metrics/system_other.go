//go:build !linux

package metrics

import (
	"math"

	"github.com/shirou/gopsutil/v4/process"
)

// system reads what the kernel tells of a process.
type system struct {
	pid     int
	started int64
}

func newSystem(pid int) *system {
	s := &system{pid: pid}
	if p, err := process.NewProcess(int32(pid)); err == nil {
		s.started, _ = p.CreateTime()
	}
	return s
}

// read tells what prom-client tells outside Linux: CPU time and resident memory.
func (s *system) read() (usage, error) {
	p, err := process.NewProcess(int32(s.pid))
	if err != nil {
		return usage{}, errEnded
	}
	created, err := p.CreateTime()
	if err != nil || created != s.started {
		return usage{}, errEnded
	}
	u := usage{Started: math.Round(float64(created) / 1000)}
	if times, err := p.Times(); err == nil {
		u.User, u.System = times.User, times.System
	}
	if memory, err := p.MemoryInfo(); err == nil {
		u.Resident = float64(memory.RSS)
	}
	return u, nil
}

func (s *system) close() {}
