package node

import (
	"net"
	"slices"
	"strconv"
)

// Listening lists the addresses (host:port) on which the program listens, by
// port, without its inspector. Wildcard addresses are written as those of this
// machine. Of a program that cannot be looked into the list is empty.
func (p *Process) Listening() []string {
	sockets, err := listeners(p.hostPID())
	if err != nil {
		return nil
	}
	addresses := []string{}
	for _, s := range sockets {
		if s.Port == p.inspectorPort {
			continue
		}
		address := s.Address
		if host, port, err := net.SplitHostPort(address); err == nil {
			if ip := net.ParseIP(host); host == "*" || ip != nil && ip.IsUnspecified() {
				address = net.JoinHostPort("127.0.0.1", port)
			}
		}
		if !slices.Contains(addresses, address) {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

// portOf is the port of a ws:// URL, 0 when it has none.
func portOf(hostPort string) int {
	_, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(port)
	return n
}
