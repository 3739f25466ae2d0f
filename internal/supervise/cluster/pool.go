package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
)

// Pool holds the sockets on which the processes of one program listen.
type Pool struct {
	mu      sync.Mutex
	sockets map[string]shared
	last    int // NODE_UNIQUE_ID
}

// shared is a socket with what the first process that asked for it wants all to
// have: the keys of a TLS server, so that a client can resume its session with
// whichever process it meets.
type shared struct {
	socket
	data json.RawMessage
}

// socket is a listener or a UDP socket that is ours.
type socket interface {
	io.Closer
	syscall.Conn
}

// NewPool is a pool without sockets: they are opened when a process asks.
func NewPool() *Pool { return &Pool{sockets: map[string]shared{}} }

// Worker makes a channel for a process that shares the sockets, as [NewWorker]
// does.
func (p *Pool) Worker(fd int) (w *Worker, file *os.File, env []string, err error) {
	w, file, env, err = NewWorker(fd)
	if err != nil {
		return nil, nil, nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last++
	w.pool = p
	return w, file, append(env, "NODE_UNIQUE_ID="+strconv.Itoa(p.last)), nil
}

// Close closes the sockets. Connections that wait there are refused.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sockets {
		_ = s.Close()
	}
	clear(p.sockets)
}

// Addresses lists where the program listens.
func (p *Pool) Addresses() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []string
	for _, s := range p.sockets {
		if l, ok := s.socket.(net.Listener); ok {
			list = append(list, l.Addr().String())
		}
	}
	return list
}

// key is how node:cluster tells sockets apart. Index counts the times that one
// process asks for the same address.
func (m *message) key() string {
	address := ""
	if m.Address != nil {
		address = *m.Address
	}
	return fmt.Sprintf("%s:%d:%v:%d", address, m.Port, m.AddressType, m.Index)
}

var errDescriptor = fmt.Errorf("a descriptor of the program cannot be shared: %w", syscall.ENOTSUP)

// open is the socket that a process asks for: it is opened for the first one.
func (p *Pool) open(m *message) (shared, error) {
	if m.FD != nil && *m.FD >= 0 {
		return shared{}, errDescriptor
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	key := m.key()
	if s, ok := p.sockets[key]; ok {
		return s, nil
	}
	opened, err := listen(m)
	if err != nil {
		return shared{}, err
	}
	s := shared{opened, m.Data}
	p.sockets[key] = s
	return s, nil
}

// ipv6Only is UV_TCP_IPV6ONLY and UV_UDP_IPV6ONLY.
const ipv6Only = 1

func listen(m *message) (socket, error) {
	host := ""
	if m.Address != nil {
		host = *m.Address
	}
	address := net.JoinHostPort(host, strconv.Itoa(m.Port))
	network := func(proto string, six bool) string {
		switch {
		case host == "", host == "::" && m.Flags&ipv6Only == 0:
			return proto // both
		case six:
			return proto + "6"
		default:
			return proto + "4"
		}
	}
	config, ctx := &net.ListenConfig{}, context.Background()
	switch m.AddressType {
	case "udp4":
		return packets(config.ListenPacket(ctx, "udp4", address))
	case "udp6":
		return packets(config.ListenPacket(ctx, network("udp", true), address))
	case float64(-1):
		return streams(config.Listen(ctx, "unix", host))
	case float64(6):
		return streams(config.Listen(ctx, network("tcp", true), address))
	default:
		return streams(config.Listen(ctx, network("tcp", false), address))
	}
}

var errSocket = errors.New("unknown kind of socket")

func streams(l net.Listener, err error) (socket, error) {
	if err != nil {
		return nil, err
	}
	if s, ok := l.(socket); ok {
		return s, nil
	}
	return nil, errors.Join(errSocket, l.Close())
}

func packets(c net.PacketConn, err error) (socket, error) {
	if err != nil {
		return nil, err
	}
	if s, ok := c.(socket); ok {
		return s, nil
	}
	return nil, errors.Join(errSocket, c.Close())
}
