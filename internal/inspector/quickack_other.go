//go:build !linux

package inspector

import "net"

// quickAck does nothing: only Linux has the option.
func quickAck(conn net.Conn) net.Conn { return conn }
