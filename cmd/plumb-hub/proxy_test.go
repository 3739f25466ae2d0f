package main

import (
	"io"
	"net"
	"sync"
	"testing"
)

// proxy is a network between two programs that a test can cut.
type proxy struct {
	t        *testing.T
	target   string
	listener net.Listener

	mu   sync.Mutex
	cond *sync.Cond
	// left are the bytes that pass to the target, and back, before everything stands
	// still; less than 0 for any number.
	up, down int64
	conns    map[net.Conn]bool
}

// startProxy starts a network to an address, in which everything passes.
func startProxy(t *testing.T, target string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{t: t, target: target, listener: listener, up: -1, down: -1, conns: map[net.Conn]bool{}}
	p.cond = sync.NewCond(&p.mu)
	go p.accept()
	t.Cleanup(func() {
		_ = listener.Close()
		p.let(-1, -1)
		p.cut()
	})
	return p
}

func (p *proxy) url() string { return "nats://" + p.listener.Addr().String() }

func (p *proxy) accept() {
	for {
		in, err := p.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = in.Close()
			continue
		}
		p.mu.Lock()
		p.conns[in], p.conns[out] = true, true
		p.mu.Unlock()
		go p.pass(out, in, &p.up)
		go p.pass(in, out, &p.down)
	}
}

// pass copies until one side closes.
func (p *proxy) pass(to io.WriteCloser, from io.ReadCloser, left *int64) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		for *left == 0 {
			p.cond.Wait()
		}
		if *left > 0 {
			*left = max(0, *left-int64(n))
		}
		p.mu.Unlock()
		if _, failed := to.Write(buffer[:n]); failed != nil || err != nil {
			return
		}
	}
}

// let says how many bytes pass from now on.
func (p *proxy) let(up, down int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.up, p.down = up, down
	p.cond.Broadcast()
}

// stands tells whether the bytes that may pass have passed.
func (p *proxy) stands() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.up == 0 || p.down == 0
}

// cut closes all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
	p.conns = map[net.Conn]bool{}
}
