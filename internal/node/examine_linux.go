package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// examine finds out what a process is and whether we may attach to it. Also
// with an error the candidate has what is known.
func examine(pid int) (*candidate, error) {
	c := &candidate{pid: pid, inside: pid}
	proc := c.proc()
	info, err := os.Stat(proc)
	if err != nil {
		return c, ErrNoProcess
	}
	c.owner = ownerOf(info)
	exe, err := os.Readlink(filepath.Join(proc, "exe"))
	switch {
	case errors.Is(err, fs.ErrPermission) && c.owner == ownName():
		return c, fmt.Errorf("%w: the system does not let its own user look into it", ErrPermission)
	case errors.Is(err, fs.ErrPermission):
		return c, fmt.Errorf("%w: it is another user's process", ErrPermission)
	case err != nil:
		return c, fmt.Errorf("%w: it is ending, or a thread of the kernel", ErrNotNode)
	}
	c.exe = strings.TrimSuffix(exe, " (deleted)") // replaced by an update
	c.args = zeroTerminated(filepath.Join(proc, "cmdline"))
	c.runtime = runtimeName(filepath.Base(c.exe))
	switch c.runtime {
	case "bun":
		return c, errBun
	case "":
		return c, fmt.Errorf("%w: it runs %s", ErrNotNode, c.exe)
	}
	c.options = nodeOptionsOf(c.args, zeroTerminated(filepath.Join(proc, "environ")))
	c.readStatus()
	return c, nil
}

func (c *candidate) proc() string { return "/proc/" + strconv.Itoa(c.pid) }

// readStatus reads the process's id in its own namespace, and whether it
// handles SIGUSR1. Without a handler the signal would end it: Bun, Node.js with
// --disable-sigusr1, and any program in its first milliseconds.
func (c *candidate) readStatus() {
	text, err := os.ReadFile(filepath.Join(c.proc(), "status"))
	if err != nil {
		return
	}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		fields := strings.Fields(value)
		if len(fields) == 0 {
			continue
		}
		switch key {
		case "NSpid":
			if n, err := strconv.Atoi(fields[len(fields)-1]); err == nil {
				c.inside = n
			}
		case "SigCgt":
			caught, err := strconv.ParseUint(fields[0], 16, 64)
			c.signal = err == nil && caught&(1<<(uint(syscall.SIGUSR1)-1)) != 0
		}
	}
}

// waitForHandler waits until a process that has just been started handles
// SIGUSR1.
func (c *candidate) waitForHandler(ctx context.Context) error {
	for range 200 {
		if c.readStatus(); c.signal {
			return nil
		}
		if !pause(ctx) {
			return ctx.Err()
		}
	}
	return fmt.Errorf("%w: it was told not to open an inspector (--disable-sigusr1)", ErrNoInspector)
}

// startOf is when a process was started, in the kernel's own count; "" when that
// is not known. With it a process is told from a later one of the same id.
func startOf(pid int) string {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	// pid (name) state ppid ...: the start is field 22.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 20 {
		return ""
	}
	return fields[19]
}

// blocked tells whether the main thread of a process waits for anything but
// events and other threads: an idle event loop sits in epoll_wait. What cannot
// be seen is taken as not blocked.
func blocked(pid int) bool {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/wchan")
	where := string(text)
	return err == nil && where != "" && where != "0" &&
		!strings.Contains(where, "ep_poll") && !strings.Contains(where, "epoll") && !strings.Contains(where, "futex")
}

func ownerOf(info fs.FileInfo) string {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "?"
	}
	id := strconv.Itoa(int(stat.Uid))
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

func zeroTerminated(path string) []string {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == 0 })
}

// inspectorSockets are the addresses where an inspector of the process may be,
// the likeliest first: Node.js opens it before it runs the program, whose own
// sockets have higher numbers. They are asked in this order, until one answers.
func (c *candidate) inspectorSockets() []string {
	sockets, err := listeners(c.pid)
	if err != nil {
		return nil
	}
	slices.SortStableFunc(sockets, func(a, b socket) int { return a.FD - b.FD })
	var addresses []string
	for _, s := range sockets {
		addresses = append(addresses, s.Address)
	}
	return addresses
}

// opened are the sockets that were opened since.
func (c *candidate) opened(before []string) []string {
	return slices.DeleteFunc(c.inspectorSockets(), func(a string) bool { return slices.Contains(before, a) })
}

// exePath reaches the binary also in a container, and when it was deleted.
func (c *candidate) exePath() string { return filepath.Join(c.proc(), "exe") }
