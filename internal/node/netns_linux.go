package node

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// enter prepares to reach the candidate's network, which a container has of its
// own.
func (c *candidate) enter() error {
	theirs := filepath.Join(c.proc(), "ns/net")
	ours, errOurs := os.Readlink("/proc/self/ns/net")
	other, errOther := os.Readlink(theirs)
	if errOurs != nil || errOther != nil || ours == other {
		return nil // the same, or not known
	}
	c.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		return dialInside(ctx, theirs, network, address)
	}
	conn, err := c.dial(context.Background(), "udp", "127.0.0.1:9") // sends nothing
	if err != nil {
		return fmt.Errorf("enter its network namespace: %w", err)
	}
	return conn.Close()
}

// dialInside dials in another network namespace. A socket belongs to the
// namespace of the thread that makes it, so one thread goes there for as long.
func dialInside(ctx context.Context, namespace, network, address string) (net.Conn, error) {
	type dialed struct {
		conn net.Conn
		err  error
	}
	result := make(chan dialed, 1)
	go func() {
		runtime.LockOSThread()
		home, err := os.Open("/proc/thread-self/ns/net")
		if err != nil {
			result <- dialed{nil, err}
			return // the thread ends with the goroutine
		}
		defer home.Close()
		there, err := os.Open(namespace)
		if err != nil {
			result <- dialed{nil, err}
			return
		}
		defer there.Close()
		if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
			result <- dialed{nil, err}
			return
		}
		conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, address)
		if unix.Setns(int(home.Fd()), unix.CLONE_NEWNET) == nil {
			runtime.UnlockOSThread()
		}
		result <- dialed{conn, err}
	}()
	d := <-result
	return d.conn, d.err
}
