package load

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"github.com/valyala/fasthttp"
)

// Kind is why a request failed.
type Kind string

// The kinds of errors. A status is an error of a completed request; all others
// mean that there was no whole answer.
const (
	Refused   Kind = "refused"    // nobody listens
	Connect   Kind = "connect"    // no connection for another reason, such as no free port
	TLS       Kind = "tls"        // the handshake failed
	Reset     Kind = "reset"      // the server closed the connection before its answer was whole
	Timeout   Kind = "timeout"    // not answered within Plan.Timeout
	Invalid   Kind = "invalid"    // the answer is not HTTP/1.1, or longer than it says
	Status4xx Kind = "status 4xx" // the server blames the request
	Status5xx Kind = "status 5xx" // the server blames itself
)

// ErrorCount is how many requests failed in one way.
type ErrorCount struct {
	Kind    Kind   `json:"kind"`
	Count   int64  `json:"count"`
	Example string `json:"example,omitempty"` // the first one's message; none for a status
}

// kindOf sorts an error of an exchange over an open connection.
func kindOf(err error) Kind {
	switch {
	case timedOut(err):
		return Timeout
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		return Reset
	default:
		return Invalid
	}
}

// connectKindOf sorts an error of opening a connection.
func connectKindOf(err error) Kind {
	switch {
	case timedOut(err):
		return Timeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF):
		return Reset
	case handshakeFailed(err):
		return TLS
	default:
		return Connect
	}
}

func timedOut(err error) bool {
	var timeout net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, fasthttp.ErrTimeout) || errors.As(err, &timeout) && timeout.Timeout()
}

func handshakeFailed(err error) bool {
	var failure *handshakeError
	return errors.As(err, &failure)
}

// handshakeError marks an error of the TLS handshake.
type handshakeError struct{ err error }

func (e *handshakeError) Error() string { return e.err.Error() }
func (e *handshakeError) Unwrap() error { return e.err }
