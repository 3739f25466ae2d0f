package metrics

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

// planted is a probe with a Unix socket to us, so that the program needs no
// inspector between two readings. The probe ends when it is told to, and when the
// socket closes: we were killed. Node.js 20 misses a close now and then (one in
// 300, with an inspector busy): then it ends as any that is not read.
type planted struct {
	conn   net.Conn
	reader *bufio.Reader
}

// plantSource connects a probe to the socket at path. It is asked with a line feed.
const plantSource = `((builtin, probe, path, secret) => {
  const socket = builtin('net').connect(path);
  socket.unref();
  socket.on('connect', () => socket.write(secret + '\n'));
  socket.on('data', (said) => {
    if (!said.includes('` + goodbye + `')) return socket.write(probe.read() + '\n');
    probe.end();
    socket.destroy();
  });
  socket.on('error', () => {});
  socket.on('close', probe.end);
})`

// Plant has the process asked from now on through a socket of the probe's own.
// The connection to its inspector is not needed any more.
func (t *Target) Plant(ctx context.Context, p *node.Process) error {
	t.want()
	probe, err := plant(ctx, t.pid, p)
	if err != nil {
		return fmt.Errorf("put a probe into process %d: %w", t.pid, err)
	}
	t.use(probe)
	return nil
}

func plant(ctx context.Context, pid int, p *node.Process) (*planted, error) {
	root := rootOf(pid)
	dir, err := os.MkdirTemp(root+temporary(root), "plumb-probe-") // mode 0700
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := give(dir, pid); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "socket")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	if err := give(path, pid); err != nil {
		return nil, err
	}
	secret := rand.Text()
	expression := fmt.Sprintf("void %s(%s, %s, %s, %s)", plantSource, node.Builtin,
		probeExpression(probeTick, probeTicks), strconv.Quote(path[len(root):]), strconv.Quote(secret))
	if err := p.Run(ctx, expression); err != nil {
		return nil, late(ctx, err)
	}
	return accept(ctx, listener, secret)
}

// accept takes the connection that knows the secret. A program whose event loop is
// blocked connects, and says nothing.
func accept(ctx context.Context, listener *net.UnixListener, secret string) (*planted, error) {
	stop := context.AfterFunc(ctx, func() { _ = listener.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	conn, err := listener.Accept()
	if err != nil {
		return nil, late(ctx, err)
	}
	p := &planted{conn, bufio.NewReader(conn)}
	hello, err := p.line(ctx)
	if err == nil && subtle.ConstantTimeCompare(bytes.TrimSpace(hello), []byte(secret)) != 1 {
		err = errors.New("it does not know the secret")
	}
	if err != nil {
		_ = conn.Close()
		return nil, late(ctx, err)
	}
	return p, nil
}

// late words the end of waiting for a program.
func late(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%w: its event loop is blocked", node.ErrBusy)
	}
	return err
}

// longestReading bounds what a process can make us keep.
const longestReading = 4 << 20

// read asks for the figures with an empty line.
func (p *planted) read(ctx context.Context) ([]byte, error) {
	if _, err := p.conn.Write([]byte("\n")); err != nil {
		return nil, fmt.Errorf("%w: %w", node.ErrGone, err)
	}
	return p.line(ctx)
}

// line reads what the probe says.
func (p *planted) line(ctx context.Context) ([]byte, error) {
	stop := context.AfterFunc(ctx, func() { _ = p.conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	var text []byte
	for {
		piece, err := p.reader.ReadSlice('\n')
		text = append(text, piece...)
		switch {
		case err == nil && bytes.HasPrefix(text, []byte(hasEnded)):
			return nil, fmt.Errorf("%w: the probe has not been read for too long", node.ErrGone)
		case err == nil:
			return text, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, fmt.Errorf("%w: %w", node.ErrGone, err)
		case len(text) > longestReading:
			_ = p.conn.Close()
			return nil, fmt.Errorf("%w: it tells more than %d bytes", node.ErrGone, longestReading)
		}
	}
}

const goodbye = "."

// end waits until the probe hangs up.
func (p *planted) end(ctx context.Context) {
	if _, err := p.conn.Write([]byte(goodbye)); err == nil { // who has gone needs none
		stop := context.AfterFunc(ctx, func() { _ = p.conn.SetReadDeadline(time.Unix(1, 0)) })
		defer stop()
		_, _ = io.Copy(io.Discard, p.conn)
	}
	_ = p.conn.Close()
}
