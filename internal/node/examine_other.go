//go:build !linux

package node

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"time"

	psnet "github.com/shirou/gopsutil/v4/net"
	"github.com/shirou/gopsutil/v4/process"
)

// examine finds out what a process is and whether we may attach to it. Also
// with an error the candidate has what is known.
func examine(pid int) (*candidate, error) {
	c := &candidate{pid: pid, inside: pid, signal: true}
	p, err := process.NewProcess(int32(pid))
	if err != nil {
		return c, ErrNoProcess
	}
	if c.owner, err = p.Username(); err != nil {
		c.owner = "?"
	}
	if c.exe, err = p.Exe(); err != nil {
		return c, fmt.Errorf("%w: %w", ErrPermission, err)
	}
	c.args, _ = p.CmdlineSlice()
	c.runtime = runtimeName(filepath.Base(c.exe))
	switch c.runtime {
	case "bun":
		return c, errBun
	case "":
		return c, fmt.Errorf("%w: it runs %s", ErrNotNode, c.exe)
	}
	environ, _ := p.Environ()
	c.options = nodeOptionsOf(c.args, environ)
	return c, nil
}

// waitForHandler keeps SIGUSR1 from a process that has just been started: it
// ends a program that does not handle it yet. Which signals a process handles
// cannot be seen here.
func (c *candidate) waitForHandler(ctx context.Context) error {
	p, err := process.NewProcess(int32(c.pid))
	if err != nil {
		return ErrNoProcess
	}
	started, err := p.CreateTime()
	if err != nil {
		return nil //nolint:nilerr // then it is not known
	}
	age := time.Since(time.UnixMilli(started))
	select {
	case <-time.After(time.Second - age):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// startOf is when a process was started, "" when that is not known. With it a
// process is told from a later one of the same id.
func startOf(pid int) string {
	ms, err := (&process.Process{Pid: int32(pid)}).CreateTime()
	if err != nil {
		return ""
	}
	return strconv.FormatInt(ms, 10)
}

// blocked cannot be seen here.
func blocked(int) bool { return false }

// inspectorSockets are the addresses where an inspector of the process may be:
// its port, and those that a cluster's workers count up from it.
func (c *candidate) inspectorSockets() []string {
	var addresses []string
	for port := c.port(); port < c.port()+4; port++ {
		addresses = append(addresses, net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	}
	return addresses
}

// opened are the sockets where the inspector may have opened since.
func (c *candidate) opened([]string) []string { return c.inspectorSockets() }

// enter does nothing: there are no network namespaces.
func (c *candidate) enter() error { return nil }

// portHolder finds out who listens on a port: somebody, or nobody.
func (c *candidate) portHolder(ctx context.Context, port int) (holder int, taken, debugged bool) {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return 0, false, false
	}
	_ = conn.Close()
	return 0, true, true
}

// inUse tells whether somebody is connected to the candidate's inspector at a
// port. Where the system does not tell, nobody is.
func (c *candidate) inUse(ctx context.Context, port int) bool { return c.connections(ctx, port) > 0 }

// connections counts those to the candidate's inspector at a port, as far as the
// system tells.
func (c *candidate) connections(ctx context.Context, port int) (count int) {
	all, err := psnet.ConnectionsPidWithContext(ctx, "tcp", int32(c.pid))
	if err != nil {
		return 0
	}
	for _, s := range all {
		if s.Status == "ESTABLISHED" && int(s.Laddr.Port) == port {
			count++
		}
	}
	return count
}

// exePath is where the binary is.
func (c *candidate) exePath() string { return c.exe }
