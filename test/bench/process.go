//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// usage is what a whole process took.
type usage struct {
	span
	RSS int64 `json:"rss"` // bytes, the greatest
}

// execute runs a process to its end and returns what it wrote.
func execute(ctx context.Context, dir, stdin, name string, args ...string) ([]byte, usage, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var out, errOut bytes.Buffer
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, strings.NewReader(stdin), &out, &errOut
	start := time.Now()
	err := cmd.Run()
	u := usage{span: span{Wall: time.Since(start).Seconds()}}
	if cmd.ProcessState != nil {
		r := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		u.CPU = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
		u.RSS = r.Maxrss << 10
		if runtime.GOOS == "darwin" { // bytes there, else KiB
			u.RSS = r.Maxrss
		}
	}
	if err != nil {
		text := strings.TrimSpace(errOut.String())
		return nil, u, fmt.Errorf("%w: %s", err, text[max(0, len(text)-300):])
	}
	return out.Bytes(), u, nil
}

// cpuTime is what this process has used of all processors, in seconds.
func cpuTime() float64 {
	var r unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9
}
