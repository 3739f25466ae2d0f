package cli

import (
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func setFreePort(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: freeport NAME")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	ts.Check(l.Close())
}

func fetchPage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: fetch URL REGEXP")
	}
	want, err := regexp.Compile(args[1])
	ts.Check(err)
	page := ""
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if page = body(args[0]); page != nothing && want.MatchString(page) {
			ts.Check(os.WriteFile(ts.MkAbs("page"), []byte(page), 0o600))
			return
		}
	}
	ts.Fatalf("no %s in a minute at %s, which says\n%s", want, args[0], page)
}

// nothing is the body of a page that cannot be had.
const nothing = "(no answer)"

func body(url string) string {
	resp, err := http.Get(url)
	if err != nil {
		return nothing
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nothing
	}
	return string(text)
}

// postFor posts until the answer has a status, and keeps it in "page".
func postFor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: post STATUS URL [TOKEN]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	request, err := http.NewRequest(http.MethodPost, args[1], http.NoBody)
	ts.Check(err)
	if len(args) == 3 {
		request.Header.Set("Authorization", "Bearer "+args[2])
	}
	said := nothing
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			continue
		}
		text, err := io.ReadAll(response.Body)
		ts.Check(err)
		_ = response.Body.Close()
		if said = response.Status + ": " + string(text); response.StatusCode == want {
			ts.Check(os.WriteFile(ts.MkAbs("page"), text, 0o600))
			return
		}
	}
	ts.Fatalf("no status %d in a minute at %s, which says\n%s", want, args[1], said)
}

// envOfFile sets a variable to what a file has.
func envOfFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: envfile NAME FILE")
	}
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1])))
}

func waitClosed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: closed HOST:PORT")
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", args[0])
		if err != nil {
			return
		}
		_ = conn.Close()
	}
	ts.Fatalf("somebody listens at %s for a minute", args[0])
}
