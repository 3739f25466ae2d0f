package inspector

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pipe is a Transport whose other end is a test.
type pipe struct {
	sent     chan string // by the client
	received chan string // by the client
	closed   chan struct{}
}

func newPipe() *pipe {
	return &pipe{make(chan string, 100), make(chan string, 100), make(chan struct{})}
}

func (p *pipe) Read(ctx context.Context) ([]byte, error) {
	select {
	case m, ok := <-p.received:
		if !ok {
			return nil, io.EOF
		}
		return []byte(m), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipe) Write(_ context.Context, m []byte) error { p.sent <- string(m); return nil }
func (p *pipe) Close() error                            { return nil }

func newTestClient(t *testing.T) (*Client, *pipe) {
	p := newPipe()
	c := New(p)
	t.Cleanup(func() { _ = c.Close() })
	return c, p
}

func TestCallsAreAnsweredInAnyOrder(t *testing.T) {
	c, p := newTestClient(t)
	go func() {
		<-p.sent
		<-p.sent
		p.received <- `{"id":2,"result":{"n":2}}`
		p.received <- `{"id":1,"result":{"n":1}}`
	}()
	answers := make(chan int)
	for range 2 {
		go func() {
			var out struct{ N int }
			if err := c.Call(context.Background(), "X.y", nil, &out); err != nil {
				t.Error(err)
			}
			answers <- out.N
		}()
	}
	if a, b := <-answers, <-answers; a+b != 3 || a == b {
		t.Errorf("answers %d and %d", a, b)
	}
}

func TestErrors(t *testing.T) {
	c, p := newTestClient(t)
	go func() {
		<-p.sent
		p.received <- `{"id":1,"error":{"code":-32601,"message":"'X.y' wasn't found"}}`
	}()
	if err := c.Call(t.Context(), "X.y", nil, nil); !NotSupported(err) || !strings.Contains(err.Error(), "X.y") {
		t.Errorf("error %v", err)
	}

	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Call(canceled, "X.y", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	<-p.sent

	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	var timeout *TimeoutError
	if err := c.Call(short, "X.y", nil, nil); !errors.As(err, &timeout) || timeout.Method != "X.y" {
		t.Errorf("error %v", err)
	}
	<-p.sent

	close(p.received) // the target dies
	if err := c.Call(t.Context(), "X.y", nil, nil); !errors.Is(err, ErrGone) {
		t.Errorf("error %v", err)
	}
	<-c.Done()
	if !errors.Is(c.Err(), ErrGone) {
		t.Errorf("error %v", c.Err())
	}
}

func TestEvents(t *testing.T) {
	c, p := newTestClient(t)
	got := make(chan string, 10)
	stop := c.On("A.b", func(params json.RawMessage) { got <- string(params) })
	p.received <- `{"method":"A.b","params":{"x":"}\""}}`
	p.received <- `{"params":{"y":1},"method":"A.b"}` // not as V8 writes it
	p.received <- `{"method":"A.other","params":{}}`
	p.received <- `no JSON`
	for _, want := range []string{`{"x":"}\""}`, `{"y":1}`} {
		if s := <-got; s != want {
			t.Errorf("params %s, want %s", s, want)
		}
	}
	stop()
	p.received <- `{"method":"A.b","params":{}}`
	c.On("A.end", func(json.RawMessage) { close(got) })
	p.received <- `{"method":"A.end","params":{}}`
	if s, ok := <-got; ok {
		t.Errorf("event %s after stop", s)
	}
}

func TestClosedByUs(t *testing.T) {
	c, _ := newTestClient(t)
	_ = c.Close()
	if err := c.Call(t.Context(), "X.y", nil, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v", err)
	}
}
