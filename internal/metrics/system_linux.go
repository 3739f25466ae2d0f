package metrics

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v4/process"
)

// system reads what the kernel tells of a process.
type system struct {
	proc     string // its directory
	started  string // in ticks since the machine's start: tells it from a later process
	since    float64
	maxFiles float64 // Node.js raises its limit when it starts
}

func newSystem(pid int) *system {
	s := &system{proc: "/proc/" + strconv.Itoa(pid)}
	if fields, err := s.stat(); err == nil {
		s.started = string(fields[19])
	}
	if p, err := process.NewProcess(int32(pid)); err == nil {
		if ms, err := p.CreateTime(); err == nil {
			s.since = math.Round(float64(ms) / 1000)
		}
	}
	return s
}

// stat are the fields of /proc/PID/stat from the third on (proc(5)).
func (s *system) stat() ([][]byte, error) {
	text, err := os.ReadFile(s.proc + "/stat")
	if err != nil {
		return nil, errEnded
	}
	// The second is the name in parentheses, which may hold anything.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 22 {
		return nil, fmt.Errorf("read %s/stat: %d fields", s.proc, len(fields))
	}
	return fields, nil
}

const ticksPerSecond = 100 // of the kernel's interface, on everything that Node.js runs on

func (s *system) read() (usage, error) {
	fields, err := s.stat()
	if err != nil {
		return usage{}, err
	}
	if state := fields[0][0]; state == 'Z' || state == 'X' || string(fields[19]) != s.started {
		return usage{}, errEnded
	}
	if s.maxFiles == 0 {
		s.maxFiles = s.limit("Max open files")
	}
	u := usage{
		User: number(fields[11]) / ticksPerSecond, System: number(fields[12]) / ticksPerSecond,
		Started: s.since, Files: s.files(), MaxFiles: s.maxFiles,
	}
	status, err := os.ReadFile(s.proc + "/status")
	if err != nil {
		return u, errEnded
	}
	u.Virtual, u.Resident, u.Data = kilobytes(status, "VmSize:"), kilobytes(status, "VmRSS:"), kilobytes(status, "VmData:")
	return u, nil
}

// files counts the open file descriptors, 0 where we may not look.
func (s *system) files() float64 {
	dir := s.proc + "/fd"
	if info, err := os.Stat(dir); err == nil && info.Size() > 0 {
		return float64(info.Size()) // Linux 6.2 and later
	}
	f, err := os.Open(dir)
	if err != nil {
		return 0
	}
	defer f.Close()
	names, _ := f.Readdirnames(-1)
	return float64(len(names))
}

// limit is the soft one of /proc/PID/limits.
func (s *system) limit(name string) float64 {
	text, err := os.ReadFile(s.proc + "/limits")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			soft, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
			return number([]byte(soft))
		}
	}
	return 0
}

// kilobytes finds "Key:   123 kB", in bytes.
func kilobytes(status []byte, key string) float64 {
	_, rest, found := bytes.Cut(status, []byte("\n"+key))
	if !found {
		return 0
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return number(bytes.TrimSuffix(bytes.TrimSpace(line), []byte(" kB"))) * 1024
}

// number is 0 for what is none.
func number(text []byte) float64 {
	n, _ := strconv.ParseUint(string(text), 10, 64)
	return float64(n)
}
