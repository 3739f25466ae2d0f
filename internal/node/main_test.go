package node

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// eachNode runs a test with the Node.js on the PATH, or with each binary in
// PLUMB_NODES.
func eachNode(t *testing.T, test func(t *testing.T, bin string)) {
	t.Helper()
	if list := os.Getenv("PLUMB_NODES"); list != "" {
		for _, bin := range filepath.SplitList(list) {
			out, err := exec.Command(bin, "--version").Output()
			if err != nil {
				t.Fatal(err)
			}
			t.Run(strings.TrimSpace(string(out)), func(t *testing.T) { test(t, bin) })
		}
		return
	}
	test(t, anyNode(t))
}

// anyNode is the Node.js on the PATH.
func anyNode(t *testing.T) string {
	t.Helper()
	bin, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	return bin
}

// output is a program's standard output, which a test waits for by line.
type output struct {
	*io.PipeWriter
	lines chan string
}

func newOutput(t *testing.T) *output {
	r, w := io.Pipe()
	o := &output{w, make(chan string, 1000)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer close(o.lines)
		for lines := bufio.NewScanner(r); lines.Scan(); {
			o.lines <- lines.Text()
		}
	}()
	t.Cleanup(func() { _ = w.Close(); <-ended })
	return o
}

// after waits for a line that begins with prefix and returns the rest of it.
func (o *output) after(t *testing.T, prefix string) string {
	t.Helper()
	for {
		select {
		case line, ok := <-o.lines:
			if !ok {
				t.Fatalf("the program ended without a line %q", prefix)
			}
			if rest, ok := strings.CutPrefix(line, prefix); ok {
				return rest
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("no line %q in 30 s", prefix)
		}
	}
}

// start starts a child and stops it with the test.
func start(t *testing.T, args ...string) (*Process, *output) {
	t.Helper()
	out := newOutput(t)
	p, err := Start(t.Context(), Command{Args: args, Stdout: out, Stderr: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p, out
}

func app(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", "app.js"))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func get(t *testing.T, url string) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
