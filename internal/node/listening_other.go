//go:build !linux

package node

import (
	"net"
	"slices"
	"strconv"

	psnet "github.com/shirou/gopsutil/v4/net"
)

// socket is a listening TCP socket of a process.
type socket struct {
	Address string // host:port
	Port    int
}

// listeners lists the TCP sockets on which a process listens, by port.
func listeners(pid int) ([]socket, error) {
	connections, err := psnet.ConnectionsPid("tcp", int32(pid))
	if err != nil {
		return nil, err
	}
	var list []socket
	for _, c := range connections {
		if c.Status == "LISTEN" {
			port := int(c.Laddr.Port)
			list = append(list, socket{net.JoinHostPort(c.Laddr.IP, strconv.Itoa(port)), port})
		}
	}
	slices.SortFunc(list, func(a, b socket) int { return a.Port - b.Port })
	return list, nil
}
