package node

import (
	"context"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// openInspector connects to the inspector that a process has open already; nil
// when it has none. Only ports that may be an inspector's are asked: the
// program's own server is not to get a strange request.
func (c *candidate) openInspector(ctx context.Context) (*Process, error) {
	for _, address := range c.inspectorSockets() {
		if !c.mayBeInspector(address) {
			continue
		}
		if c.unpublished() {
			return nil, &Error{"attach to " + strconv.Itoa(c.pid), errors.New("the address of its inspector is secret (--inspect-publish-uid)"), "give the ws:// URL from its standard error; what plumb run keeps up is on its page: see plumb status"}
		}
		asking, cancel := context.WithTimeout(ctx, 2*time.Second)
		_, err := inspector.Targets(asking, address, c.dial)
		cancel()
		if err != nil {
			continue
		}
		p, err := c.connectAt(ctx, address)
		if errors.Is(err, ErrNoInspector) {
			continue
		}
		if err != nil && ctx.Err() == nil {
			if _, taken, _ := c.portHolder(ctx, portOf(address)); !taken {
				continue // another plumb, or a closer, has closed it just now
			}
		}
		return p, err
	}
	return nil, nil
}

// mayBeInspector judges by the port: one that the options name, or one of the
// default and those that a cluster's workers count up from it. With port 0 in
// the options any socket of this machine may be it.
func (c *candidate) mayBeInspector(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	const clusterPorts = 100
	port, wanted := portOf(address), c.port()
	switch {
	case port >= defaultPort && port < defaultPort+clusterPorts:
		return true
	case wanted == 0 && c.inspecting():
		ip := net.ParseIP(host)
		return ip != nil && ip.IsLoopback()
	default:
		return wanted != 0 && port >= wanted && port < wanted+clusterPorts
	}
}
