package metrics

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/shirou/gopsutil/v4/process"
)

// system reads what the kernel tells of a process. Its files stay open: reading
// them again is a fifth of the work, and they are of no later process with the
// same id.
type system struct {
	proc     string // its directory
	since    float64
	maxFiles float64 // Node.js raises its limit when it starts

	mu           sync.Mutex
	stat, status *os.File // nil when the process has ended, and after close
	buf          [2048]byte
}

func newSystem(pid int) *system {
	s := &system{proc: "/proc/" + strconv.Itoa(pid)}
	if p, err := process.NewProcess(int32(pid)); err == nil {
		if ms, err := p.CreateTime(); err == nil {
			s.since = math.Round(float64(ms) / 1000)
		}
	}
	var err error
	if s.stat, err = os.Open(s.proc + "/stat"); err != nil {
		return s
	}
	if s.status, err = os.Open(s.proc + "/status"); err != nil {
		s.close()
	}
	return s
}

func (s *system) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.stat.Close() // of nil, an error as well
	_ = s.status.Close()
	s.stat, s.status = nil, nil
}

const ticksPerSecond = 100 // of the kernel's interface, on everything that Node.js runs on

func (s *system) read() (usage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stat == nil {
		return usage{}, errEnded
	}
	buf := s.buf[:]
	n, err := s.stat.ReadAt(buf, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return usage{}, errEnded
	}
	// The fields from the third on (proc(5)). The second is the name in
	// parentheses, which may hold anything.
	fields := bytes.Fields(buf[bytes.LastIndexByte(buf[:n], ')')+1 : n])
	if len(fields) < 13 || fields[0][0] == 'Z' || fields[0][0] == 'X' {
		return usage{}, errEnded
	}
	if s.maxFiles == 0 {
		s.maxFiles = s.limit("Max open files")
	}
	u := usage{
		User: parse(fields[11]) / ticksPerSecond, System: parse(fields[12]) / ticksPerSecond,
		Started: s.since, Files: s.files(), MaxFiles: s.maxFiles,
	}
	if n, err = s.status.ReadAt(buf, 0); err != nil && !errors.Is(err, io.EOF) {
		return u, errEnded
	}
	u.Virtual, u.Resident, u.Data = kilobytes(buf[:n], "VmSize:"), kilobytes(buf[:n], "VmRSS:"), kilobytes(buf[:n], "VmData:")
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
			return parse([]byte(soft))
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
	return parse(bytes.TrimSuffix(bytes.TrimSpace(line), []byte(" kB"))) * 1024
}

// parse is 0 for what is none.
func parse(text []byte) float64 {
	n, _ := strconv.ParseUint(string(text), 10, 64)
	return float64(n)
}
