package load

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
	"pgregory.net/rapid"
)

// odd are responses of servers that are in order, out of order or gone.
var odd = []struct {
	name   string
	method string
	text   string
	status int
	more   bool
	left   string // what is not part of the response
	kind   Kind   // "" is a whole response
}{
	{name: "length", text: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n", status: 200, more: true},
	{name: "no body", text: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", status: 200, more: true},
	{name: "no reason", text: "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", status: 404, more: true},
	{name: "no reason, no blank", text: "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", status: 404, more: true},
	{name: "any case", text: "HTTP/1.1 200 OK\r\ncontent-LENGTH:2\r\n\r\nok", status: 200, more: true},
	{name: "close", text: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", status: 200},
	{name: "until the end", text: "HTTP/1.1 200 OK\r\n\r\nall of it", status: 200},
	{name: "HTTP/1.0", text: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", status: 200},
	{name: "HTTP/1.0 keep-alive", text: "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", status: 200, more: true},
	{name: "chunks", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", status: 200, more: true},
	{name: "chunk extension", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=\"b\"\r\nok\r\n0;end\r\n\r\n", status: 200, more: true},
	{name: "trailer", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n2\r\nok\r\n0\r\nSum: 1\r\nB: 2\r\n\r\n", status: 200, more: true},
	{name: "204", text: "HTTP/1.1 204 No Content\r\n\r\n", status: 204, more: true},
	{name: "304 with a length", text: "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", status: 304, more: true},
	{name: "HEAD", method: "HEAD", text: "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", status: 200, more: true},
	{name: "HEAD of Node.js", method: "HEAD", text: "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n", status: 200, more: true},
	{name: "HEAD, close", method: "HEAD", text: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", status: 200},
	{name: "100, 103, then 200", text: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", status: 200, more: true},
	{name: "101", text: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nxxx", status: 101, left: "xxx"},
	{name: "more than it says", text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", status: 200, left: " and more"},
	{name: "204 with a body", text: "HTTP/1.1 204 No Content\r\n\r\nbody", status: 204, left: "body"},
	{name: "long head", text: "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("a", 30000) + "\r\nContent-Length: 2\r\n\r\nok", status: 200, more: true},

	{name: "nothing", text: "", kind: Reset},
	{name: "half a status line", text: "HTTP/1.", kind: Reset},
	{name: "half a head", text: "HTTP/1.1 200 OK\r\nContent-Le", kind: Reset},
	{name: "half a body", text: "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok", kind: Reset},
	{name: "half a chunk", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nok", kind: Reset},
	{name: "no last chunk", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", kind: Reset},
	{name: "half a trailer", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nSum: 1", kind: Reset},
	{name: "bare line feeds", text: "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", kind: Reset}, // as for Node.js, too
	{name: "only 100", text: "HTTP/1.1 100 Continue\r\n\r\n", kind: Reset},
	{name: "not HTTP", text: "SSH-2.0-OpenSSH_9.2\r\n", kind: Invalid},
	{name: "HTTP/2", text: "HTTP/2 200\r\n\r\n", kind: Invalid},
	{name: "status of letters", text: "HTTP/1.1 abc OK\r\n\r\n", kind: Invalid},
	{name: "status 099", text: "HTTP/1.1 099 No\r\nContent-Length: 0\r\n\r\n", kind: Invalid},
	{name: "two lengths", text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", kind: Invalid},
	{name: "negative length", text: "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n", kind: Invalid},
	{name: "gzip encoding of transfer", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", kind: Invalid},
	{name: "chunk length of letters", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", kind: Invalid},
	{name: "chunk longer than it says", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nok\r\n0\r\n\r\n", kind: Invalid},
	{name: "endless head", text: "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("a", headLimit) + "\r\n\r\n", kind: Invalid},
	{name: "endless trailer line", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: " + strings.Repeat("a", headLimit) + "\r\n\r\n", kind: Invalid},
}

func TestReadResponse(t *testing.T) {
	for _, test := range odd {
		t.Run(test.name, func(t *testing.T) {
			in := bufio.NewReaderSize(strings.NewReader(test.text), headLimit)
			var h fasthttp.ResponseHeader
			more, err := readResponse(in, &h, test.method)
			if test.kind != "" {
				if err == nil || kindOf(err) != test.kind || more {
					t.Fatalf("error %v (more %v), want one of kind %s", err, more, test.kind)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			rest, _ := io.ReadAll(in)
			if h.StatusCode() != test.status || more != test.more || string(rest) != test.left {
				t.Errorf("status %d, more %v, left %q; want %d, %v, %q", h.StatusCode(), more, rest, test.status, test.more, test.left)
			}
		})
	}
}

// A server may send its response in any pieces.
func TestReadResponseByteByByte(t *testing.T) {
	for _, test := range odd {
		in := bufio.NewReaderSize(oneByte{strings.NewReader(test.text)}, headLimit)
		var h fasthttp.ResponseHeader
		_, err := readResponse(in, &h, test.method)
		if test.kind == "" && (err != nil || h.StatusCode() != test.status) {
			t.Errorf("%s: status %d, error %v", test.name, h.StatusCode(), err)
		}
		if test.kind != "" && (err == nil || kindOf(err) != test.kind) {
			t.Errorf("%s: error %v, want one of kind %s", test.name, err, test.kind)
		}
	}
}

type oneByte struct{ r io.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(1, len(p))]) }

// Responses of random shapes follow each other on one connection; each must
// end where the next begins.
func TestReadResponseEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stream strings.Builder
		statuses := rapid.SliceOfN(rapid.SampledFrom([]int{200, 201, 404, 500, 204, 304}), 1, 8).Draw(t, "statuses")
		for _, status := range statuses {
			writeRandomResponse(t, &stream, status)
		}
		pieces := rapid.IntRange(1, 2000).Draw(t, "pieces")
		in := bufio.NewReaderSize(inPieces{strings.NewReader(stream.String()), pieces}, headLimit)
		var h fasthttp.ResponseHeader
		for i, status := range statuses {
			if _, err := readResponse(in, &h, http.MethodGet); err != nil {
				t.Fatalf("response %d: %v in %q", i, err, stream.String())
			}
			if h.StatusCode() != status {
				t.Fatalf("response %d has status %d, want %d", i, h.StatusCode(), status)
			}
		}
		if _, err := in.ReadByte(); err != io.EOF {
			t.Fatal("something is left")
		}
	})
}

type inPieces struct {
	r io.Reader
	n int
}

func (o inPieces) Read(p []byte) (int, error) { return o.r.Read(p[:min(o.n, len(p))]) }

func writeRandomResponse(t *rapid.T, b *strings.Builder, status int) {
	for range rapid.IntRange(0, 2).Draw(t, "interim") {
		b.WriteString("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
	}
	fmt.Fprintf(b, "HTTP/1.1 %d Some Reason\r\n", status)
	for i := range rapid.IntRange(0, 5).Draw(t, "headers") {
		fmt.Fprintf(b, "X-%d: %s\r\n", i, rapid.StringMatching(`[ -~]{0,40}`).Draw(t, "value"))
	}
	body := rapid.StringN(0, 50, -1).Draw(t, "body")
	switch {
	case status == 204 || status == 304:
		b.WriteString("\r\n")
	case rapid.Bool().Draw(t, "chunked"):
		b.WriteString("transfer-encoding: chunked\r\n\r\n")
		for part := range strings.SplitSeq(body, "a") {
			if part != "" {
				fmt.Fprintf(b, "%x%s\r\n%s\r\n", len(part), rapid.SampledFrom([]string{"", ";x", ";y=\"z\""}).Draw(t, "extension"), part)
			}
		}
		b.WriteString("0\r\n")
		if rapid.Bool().Draw(t, "trailer") {
			b.WriteString("Digest: 1\r\nMore: \r\n")
		}
		b.WriteString("\r\n")
	default:
		fmt.Fprintf(b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	}
}

// The client competes with the server for the processor: no garbage.
func TestNoAllocations(t *testing.T) {
	r, err := prepare(Target{URL: "http://127.0.0.1/a/{{n}}?{{uuid}}", Body: []byte("{{random}}")}, true)
	if err != nil {
		t.Fatal(err)
	}
	const response = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: today\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\nok"
	text := strings.NewReader("")
	in := bufio.NewReaderSize(text, headLimit)
	var h fasthttp.ResponseHeader
	var v values
	var message, body []byte
	allocations := testing.AllocsPerRun(100, func() {
		v.draw()
		message, body = r.appendTo(message[:0], body[:0], &v, "")
		text.Reset(response)
		if _, err := readResponse(in, &h, r.method); err != nil {
			t.Error(err)
		}
	})
	if allocations > 0 {
		t.Errorf("%f allocations per request", allocations)
	}
}

// FuzzReadResponse compares with net/http on any input: what both take for a
// response must have the same status.
func FuzzReadResponse(f *testing.F) {
	for _, test := range odd {
		if len(test.text) < 1000 { // long seeds take all the time, to be made smaller
			f.Add([]byte(test.text), test.method == http.MethodHead)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, head bool) {
		method := http.MethodGet
		if head {
			method = http.MethodHead
		}
		in := bufio.NewReaderSize(strings.NewReader(string(data)), headLimit)
		var h fasthttp.ResponseHeader
		more, err := readResponse(in, &h, method)
		if err != nil {
			if more {
				t.Fatalf("a broken connection is to be used again: %v", err)
			}
			return
		}
		if status := h.StatusCode(); status < 100 || status > 999 || status < 200 && status != 101 {
			t.Fatalf("status %d", status)
		}
		theirs, err := netHTTP(data, method)
		if err == nil && theirs != h.StatusCode() {
			t.Fatalf("status %d, net/http says %d", h.StatusCode(), theirs)
		}
	})
}

// netHTTP is the second opinion: the status of the final response.
func netHTTP(data []byte, method string) (int, error) {
	in := bufio.NewReader(strings.NewReader(string(data)))
	for {
		response, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			return 0, err
		}
		if response.ProtoMajor != 1 {
			return 0, errors.New("another protocol")
		}
		_, err = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode >= 200 || response.StatusCode == http.StatusSwitchingProtocols {
			return response.StatusCode, err
		}
	}
}
