package inspector

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// Transport carries whole messages in both directions. One goroutine reads,
// several may write. Close ends a Read that waits.
type Transport interface {
	Read(ctx context.Context) ([]byte, error)
	Write(ctx context.Context, message []byte) error
	Close() error
}

// Dialer opens network connections; nil means a plain net.Dialer. One that
// enters another network namespace reaches into a container.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// Dial connects to a ws:// URL of a target.
func Dial(ctx context.Context, url string, dial Dialer) (*Client, error) {
	client := dial.client()
	defer client.CloseIdleConnections()
	conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{ //nolint:bodyclose // the library closes it
		HTTPClient:      client,
		CompressionMode: websocket.CompressionDisabled, // loopback: compressing costs more than it saves
	})
	if err != nil {
		return nil, fmt.Errorf("connect to inspector: %w", err)
	}
	conn.SetReadLimit(-1)
	return New(&socket{conn}), nil
}

// client is an HTTP client whose connections go through d, never through a
// proxy, and are acknowledged at once.
func (d Dialer) client() *http.Client {
	if d == nil {
		d = (&net.Dialer{Timeout: 5 * time.Second}).DialContext
	}
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := d(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return quickAck(conn), nil
		},
	}}
}

// socket is a Transport of WebSocket text messages.
type socket struct{ conn *websocket.Conn }

func (s *socket) Read(ctx context.Context) ([]byte, error) {
	_, message, err := s.conn.Read(ctx)
	return message, err
}

func (s *socket) Write(ctx context.Context, message []byte) error {
	return s.conn.Write(ctx, websocket.MessageText, message)
}

// Close does not wait for the other side's goodbye: it may be blocked, and
// Node treats a closed socket as a debugger that left.
func (s *socket) Close() error { return s.conn.CloseNow() }
