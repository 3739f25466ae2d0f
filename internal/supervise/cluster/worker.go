package cluster

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// Worker is our end of a process's channel.
type Worker struct {
	// Events gets what the process says, and is closed with the channel.
	Events chan Event

	conn *net.UnixConn
	pool *Pool // nil for a channel alone

	mu  sync.Mutex // of writing
	seq int
}

// Event is what a process says on its channel.
type Event string

// The events.
const (
	Listening Event = "listening" // it accepts connections
	Ready     Event = "ready"     // process.send('ready'), as for PM2
	Drained   Event = "drained"   // no connection is left
)

// message is one line on the channel, of node:cluster's and of ours.
type message struct {
	Cmd         string          `json:"cmd,omitempty"`
	Act         string          `json:"act,omitempty"`
	Seq         *int            `json:"seq,omitempty"`
	Ack         *int            `json:"ack,omitempty"`
	Errno       int             `json:"errno,omitempty"` // negative
	Key         string          `json:"key,omitempty"`
	Data        json.RawMessage `json:"data,omitempty"`
	Address     *string         `json:"address,omitempty"`
	Port        int             `json:"port,omitempty"`
	AddressType any             `json:"addressType,omitempty"` // 4, 6, -1 for a pipe, "udp4", "udp6"
	Index       int             `json:"index,omitempty"`
	FD          *int            `json:"fd,omitempty"`
	Flags       int             `json:"flags,omitempty"`
	Type        string          `json:"type,omitempty"`
	Msg         *message        `json:"msg,omitempty"`
}

const (
	ofCluster = "NODE_CLUSTER"
	// ofPlumb begins with NODE_, so that Node.js keeps it from the program.
	ofPlumb = "NODE_PLUMB"
)

// NewWorker makes a channel without node:cluster: for 'ready' and 'shutdown'.
// file is the other end, for the process to be; the caller closes it when that
// has started. env goes to its environment, where fd is the descriptor of file.
func NewWorker(fd int) (w *Worker, file *os.File, env []string, err error) {
	conn, file, err := socketPair()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("make channel: %w", err)
	}
	w = &Worker{conn: conn, Events: make(chan Event, 16)}
	return w, file, []string{fmt.Sprintf("NODE_CHANNEL_FD=%d", fd), "NODE_CHANNEL_SERIALIZATION_MODE=json"}, nil
}

func socketPair() (*net.UnixConn, *os.File, error) {
	fds, err := socketPairFDs()
	if err != nil {
		return nil, nil, err
	}
	ours := os.NewFile(uintptr(fds[0]), "channel")
	theirs := os.NewFile(uintptr(fds[1]), "channel")
	defer ours.Close()
	conn, err := net.FileConn(ours)
	if err != nil {
		_ = theirs.Close()
		return nil, nil, err
	}
	return conn.(*net.UnixConn), theirs, nil
}

// longest is the longest line that is looked at: ours are short, those of the
// program may be of any length.
const longest = 1 << 16

// Serve answers the process until its channel is closed.
func (w *Worker) Serve() {
	defer close(w.Events)
	defer w.conn.Close()
	lines := bufio.NewReaderSize(w.conn, longest)
	for whole := true; ; {
		line, more, err := lines.ReadLine()
		if err != nil {
			return
		}
		if whole && !more {
			w.take(line)
		}
		whole = !more
	}
}

func (w *Worker) take(line []byte) {
	if text := ""; json.Unmarshal(line, &text) == nil {
		if text == string(Ready) {
			w.say(Ready)
		}
		return
	}
	var m message
	if json.Unmarshal(line, &m) != nil {
		return // the program's own business
	}
	switch {
	case m.Cmd == ofPlumb && m.Act == string(Drained):
		w.say(Drained)
	case m.Cmd == ofCluster && m.Act == "queryServer" && w.pool != nil:
		w.answer(&m)
	case m.Cmd == ofCluster && m.Act == "listening":
		w.acknowledge(&m)
		w.say(Listening)
	}
}

// say never blocks: who does not listen does not wait for it.
func (w *Worker) say(e Event) {
	select {
	case w.Events <- e:
	default:
	}
}

// answer gives the process the socket that it wants to listen on, or says why
// not, as the error number that the program would have had from the system.
func (w *Worker) answer(m *message) {
	reply := message{Cmd: ofCluster, Ack: m.Seq, Data: json.RawMessage("null")}
	s, err := w.pool.open(m)
	if err != nil {
		reply.Errno = -int(errnoOf(err))
		_ = w.send(&reply, nil)
		return
	}
	if reply.Key = m.key(); len(s.data) > 0 {
		reply.Data = s.data
	}
	_ = w.send(&reply, s.socket)
}

func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return syscall.EINVAL
}

func (w *Worker) acknowledge(m *message) {
	_ = w.send(&message{Cmd: ofCluster, Ack: m.Seq}, nil)
}

// Shutdown says "shutdown" to the program, as PM2 does: process.on('message').
func (w *Worker) Shutdown() error { return w.write([]byte(`"shutdown"`+"\n"), nil) }

// Drain asks the script in the program to drain it; [Drained] follows.
func (w *Worker) Drain() error { return w.send(&message{Cmd: ofPlumb, Act: "drain"}, nil) }

// Close closes the channel.
func (w *Worker) Close() { _ = w.conn.Close() }

func (w *Worker) send(m *message, s syscall.Conn) error {
	w.mu.Lock()
	if m.Cmd == ofCluster {
		seq := w.seq
		w.seq++
		m.Seq = &seq
	}
	w.mu.Unlock()
	if s != nil {
		m = &message{Cmd: "NODE_HANDLE", Type: "net.Native", Msg: m}
		if _, udp := s.(*net.UDPConn); udp {
			m.Type = "dgram.Native"
		}
	}
	line, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return w.write(append(line, '\n'), s)
}

// patience is how long a process may take to read what we say.
const patience = 5 * time.Second

func (w *Worker) write(line []byte, s syscall.Conn) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.conn.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if s == nil {
		_, err := w.conn.Write(line)
		return err
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return err
	}
	var n int
	var failure error
	err = raw.Control(func(fd uintptr) {
		n, _, failure = w.conn.WriteMsgUnix(line, rights(int(fd)), nil)
	})
	if err := errors.Join(err, failure); err != nil {
		return err
	}
	_, err = w.conn.Write(line[n:])
	return err
}
