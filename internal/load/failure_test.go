package load

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// raw is a server below HTTP: serve gets each connection and its number, and
// the connection is closed when it returns.
func raw(t *testing.T, serve func(n int, c net.Conn, requests *bufio.Reader)) (url string, stop func()) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 1; ; n++ {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			serve(n, c, bufio.NewReader(c))
			_ = c.Close()
		}
	}()
	stop = func() {
		_ = listener.Close()
		<-done
	}
	t.Cleanup(stop)
	return "http://" + listener.Addr().String() + "/", stop
}

// take reads a request of a raw server.
func take(requests *bufio.Reader) error {
	r, err := http.ReadRequest(requests)
	if err == nil {
		_, err = io.Copy(io.Discard, r.Body)
	}
	return err
}

const fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// only checks that all requests failed in one way.
func only(t *testing.T, r *Report, k Kind, n int64) {
	t.Helper()
	if len(r.Errors) != 1 || r.Errors[0].Kind != k || r.Errors[0].Count != n || r.Errors[0].Example == "" {
		t.Errorf("errors %+v, want %d of kind %s", r.Errors, n, k)
	}
}

func TestReset(t *testing.T) {
	for _, answer := range []string{"", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok"} {
		url, _ := raw(t, func(_ int, c net.Conn, requests *bufio.Reader) {
			_ = take(requests)
			_, _ = io.WriteString(c, answer)
		})
		r := mustRun(t, Plan{Targets: []Target{{URL: url}}, Requests: 4, KeepAlive: true})
		only(t, r, Reset, 4)
	}
}

func TestInvalid(t *testing.T) {
	url, _ := raw(t, func(_ int, c net.Conn, requests *bufio.Reader) {
		_ = take(requests)
		_, _ = io.WriteString(c, "220 mail.example ESMTP\r\n")
	})
	r := mustRun(t, Plan{Targets: []Target{{URL: url}}, Requests: 3, KeepAlive: true})
	only(t, r, Invalid, 3)
}

func TestTimeout(t *testing.T) {
	url, _ := raw(t, func(_ int, _ net.Conn, requests *bufio.Reader) {
		_ = take(requests)
		_ = take(requests) // returns when the client has given up
	})
	r := mustRun(t, Plan{Targets: []Target{{URL: url}}, Requests: 2, KeepAlive: true, Timeout: 20 * time.Millisecond})
	only(t, r, Timeout, 2)
}

// A server that stops after a few requests.
func TestRefusedLater(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c, err := listener.Accept()
		if err != nil {
			return
		}
		requests := bufio.NewReader(c)
		for i := range 3 {
			_ = take(requests)
			if i == 2 {
				_ = listener.Close()
			}
			_, _ = io.WriteString(c, fine)
		}
		_ = take(requests)
		_ = c.Close()
	}()
	r := mustRun(t, Plan{Targets: []Target{{URL: "http://" + listener.Addr().String()}}, Requests: 10, KeepAlive: true})
	<-done
	if r.Completed != 3 || len(r.Errors) != 2 || r.Errors[0].Kind != Refused || r.Errors[0].Count != 6 || r.Errors[1].Kind != Reset {
		t.Errorf("%+v", r)
	}
}

func TestFirstConnection(t *testing.T) {
	url, stop := raw(t, func(int, net.Conn, *bufio.Reader) {})
	stop()
	var failure *ConnectError
	if _, err := Run(t.Context(), Plan{Targets: []Target{{URL: url}}, Requests: 10}); !errors.As(err, &failure) || failure.Kind != Refused {
		t.Errorf("nobody listens: %v", err)
	}
	var foreign *ForeignHostError
	if _, err := Run(t.Context(), Plan{Targets: []Target{{URL: "http://192.0.2.1/"}}, Requests: 10}); !errors.As(err, &foreign) {
		t.Errorf("a foreign host: %v", err)
	}
	// Interrupted while the server does not say a word of TLS.
	ctx, cancel := context.WithCancel(t.Context())
	url, _ = raw(t, func(_ int, _ net.Conn, requests *bufio.Reader) {
		cancel()
		_, _ = io.Copy(io.Discard, requests)
	})
	_, err := Run(ctx, Plan{Targets: []Target{{URL: strings.Replace(url, "http:", "https:", 1)}}, Requests: 10})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// The server closes whenever it likes, and says so.
func TestReconnect(t *testing.T) {
	url, _ := raw(t, func(n int, c net.Conn, requests *bufio.Reader) {
		for range n % 3 {
			_ = take(requests)
			_, _ = io.WriteString(c, fine)
		}
		_ = take(requests)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
	})
	r := mustRun(t, Plan{Targets: []Target{{URL: url}}, Requests: 60, KeepAlive: true})
	if r.Completed != 60 || r.Failed != 0 || r.Connects != 30 { // 2+3+1 requests over three connections
		t.Errorf("%+v", r)
	}
}

// A server that refuses a body answers before it has read it, and closes.
func TestAnswerBeforeTheBody(t *testing.T) {
	url, _ := raw(t, func(_ int, c net.Conn, requests *bufio.Reader) {
		_, _ = requests.ReadString('\n')
		_, _ = io.WriteString(c, "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno")
		_ = c.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, requests)
	})
	r := mustRun(t, Plan{Targets: []Target{{URL: url, Method: "POST", Body: make([]byte, 8<<20)}}, Requests: 2, KeepAlive: true})
	if r.StatusCodes[413] != 2 {
		t.Errorf("%+v", r)
	}
}

func TestTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 {
			w.WriteHeader(http.StatusHTTPVersionNotSupported)
		}
	}))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS()
	defer server.Close()
	plan := Plan{Targets: []Target{{URL: server.URL}}, Requests: 20, Connections: 2, KeepAlive: true}
	var failure *ConnectError
	if _, err := Run(t.Context(), plan); !errors.As(err, &failure) || failure.Kind != TLS {
		t.Errorf("an unknown certificate: %v", err)
	}
	plan.Insecure = true
	if r := mustRun(t, plan); r.StatusCodes[200] != 20 {
		t.Errorf("%+v", r)
	}
}

func TestIPv6(t *testing.T) {
	listener, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6:", err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	defer server.Close()
	if r := mustRun(t, Plan{Targets: []Target{{URL: server.URL}}, Requests: 5}); r.StatusCodes[200] != 5 {
		t.Errorf("%+v", r)
	}
}
