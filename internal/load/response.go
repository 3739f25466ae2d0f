package load

import (
	"bufio"
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
		if err := h.Read(in); err != nil {
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
	case method == http.MethodHead || status == http.StatusNoContent || status == http.StatusNotModified:
	case length >= 0:
		if _, err := in.Discard(length); err != nil {
			return false, whole(err)
		}
	case length == -1: // chunked
		if _, err := io.Copy(io.Discard, httputil.NewChunkedReader(in)); err != nil {
			return false, err
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

// skipTrailer reads up to the empty line that ends a chunked body.
func skipTrailer(in *bufio.Reader) error {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= len("\r\n") && (len(line) == 1 || line[0] == '\r') {
			return nil
		}
	}
}

// whole makes an early end of the connection an error that says so.
func whole(err error) error {
	if err == io.EOF { //nolint:errorlint // what bufio returns
		return io.ErrUnexpectedEOF
	}
	return err
}
