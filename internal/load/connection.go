package load

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"strconv"
	"time"

	"github.com/valyala/fasthttp"
)

// headLimit is the longest head of a response that is understood, in bytes.
const headLimit = 32 << 10

// connection is an open connection to a site and what was read ahead from it.
type connection struct {
	net.Conn
	in       *bufio.Reader
	received int64       // bytes
	unwatch  func() bool // the context no longer closes it

	fresh bool          // no response came over it yet
	idle  time.Duration // how long the server keeps it open between requests; 0 when it does not say
	used  time.Time     // when the last response was complete
}

// connect opens a connection that the end of ctx closes.
func (s *site) connect(ctx context.Context, deadline time.Time) (*connection, error) {
	dialer := net.Dialer{Deadline: deadline}
	raw, err := dialer.DialContext(ctx, "tcp", s.addresses[0].String())
	if err != nil {
		return nil, err
	}
	conn := raw
	if s.tls != nil {
		secured := tls.Client(raw, s.tls)
		_ = raw.SetDeadline(deadline)
		if err := secured.HandshakeContext(ctx); err != nil {
			_ = raw.Close()
			return nil, &handshakeError{err}
		}
		conn = secured
	}
	c := &connection{Conn: conn, fresh: true}
	c.in = bufio.NewReaderSize(c, headLimit)
	c.unwatch = context.AfterFunc(ctx, func() { _ = raw.Close() })
	return c, nil
}

// Read counts what comes.
func (c *connection) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received += int64(n)
	return n, err
}

func (c *connection) close() {
	c.unwatch()
	_ = c.Conn.Close()
}

// stale says whether the server may be about to close the connection: a
// request that crosses with that is lost. Node.js announces how long it waits
// (Keep-Alive: timeout=5) and, as its own client does, we stay a second away
// from that.
func (c *connection) stale(now time.Time) bool {
	return c.idle > 0 && now.Sub(c.used) > c.idle-min(time.Second, c.idle/2)
}

// answered notes that a response is complete.
func (c *connection) answered(now time.Time, h *fasthttp.ResponseHeader) {
	c.used = now
	if c.fresh {
		c.fresh = false
		c.idle = keepAliveTimeout(h.Peek("Keep-Alive"))
	}
}

// keepAliveTimeout reads the "timeout" of a Keep-Alive header, in seconds.
func keepAliveTimeout(header []byte) time.Duration {
	for parameter := range bytes.SplitSeq(header, []byte(",")) {
		name, value, _ := bytes.Cut(bytes.TrimSpace(parameter), []byte("="))
		if bytes.EqualFold(name, []byte("timeout")) {
			seconds, err := strconv.ParseUint(string(bytes.Trim(value, `"`)), 10, 31)
			if err == nil {
				return time.Duration(seconds) * time.Second
			}
		}
	}
	return 0
}
