package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"

	"github.com/valyala/fasthttp"
)

// readResponse reads a whole response and drops its body (RFC 9112, section 6).
// The final head is in h. more says whether the connection can be used again.
func readResponse(in *bufio.Reader, h *fasthttp.ResponseHeader, method string) (more bool, err error) {
	for {
		if err := h.Read(in); err == io.EOF { //nolint:errorlint // bare when not a byte came
			return false, errNoAnswer
		} else if err != nil {
			return false, err
		}
		// Interim responses (100 Continue, 103 Early Hints) come before the one.
		if s := h.StatusCode(); s < 100 || s >= 200 || s == http.StatusSwitchingProtocols {
			break
		}
	}
	more = !h.ConnectionClose()
	switch status, length := h.StatusCode(), h.ContentLength(); {
	case status < 100:
		return false, fmt.Errorf("status %03d does not exist", status)
	case status == http.StatusSwitchingProtocols:
		return false, nil
	case method == http.MethodHead:
		more = more || keptAlive(h)
	case status == http.StatusNoContent || status == http.StatusNotModified:
	case length >= 0:
		if _, err := in.Discard(length); err != nil {
			return false, whole(err)
		}
	case length == -1: // chunked
		if _, err := io.Copy(io.Discard, httputil.NewChunkedReader(in)); err != nil {
			return false, whole(err)
		}
		if err := skipTrailer(in); err != nil {
			return false, whole(err)
		}
	default: // until the server closes
		_, err := io.Copy(io.Discard, in)
		return false, err
	}
	// What comes unasked cannot be told from the next response.
	return more && in.Buffered() == 0, nil
}

// keptAlive looks for "Connection: keep-alive" itself: fasthttp takes a response
// without a length for one that ends with the connection, which the answer to
// HEAD does not.
func keptAlive(h *fasthttp.ResponseHeader) bool {
	for name, value := range h.All() {
		if string(name) == "Connection" && bytes.EqualFold(value, []byte("keep-alive")) {
			return true
		}
	}
	return false
}

// skipTrailer reads up to the empty line that ends a chunked body.
func skipTrailer(in *bufio.Reader) error {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			return nil
		}
	}
}

// How a response ends when the server closes the connection too early.
var (
	errNoAnswer   = fmt.Errorf("closed before the answer: %w", io.EOF)
	errHalfAnswer = fmt.Errorf("closed in the middle of the answer: %w", io.ErrUnexpectedEOF)
)

// whole says what the early end of a body means.
func whole(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errHalfAnswer
	}
	return err
}
