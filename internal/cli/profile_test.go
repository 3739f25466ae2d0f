package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// TestProfileInterrupted holds that Ctrl-C ends the sampling of a running
// program early, shows what was learnt and leaves the program as it was.
func TestProfileInterrupted(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	app := exec.Command("node", "--inspect-port=0", "-e", `
		const kept = [];
		function keep() { kept.push(new Array(1000).fill(kept.length)); }
		setInterval(() => { for (let i = 0; i < 20; i++) keep(); }, 2);
		process.stdin.on('data', () => console.log(require('inspector').url() || 'closed'));
		console.log('up');`)
	in, err := app.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := app.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.Process.Kill(); _ = app.Wait() })
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "up" {
		t.Fatalf("the program says %q", lines.Text())
	}

	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var stdout, stderr bytes.Buffer
	code := Main(ctx, []string{"profile", strconv.Itoa(app.Process.Pid), "--for", "10m", "--interval", "1024", "--json"},
		Streams{In: strings.NewReader(""), Out: &stdout, Err: &onFirstWrite{&stderr, interrupt}})
	if code != 0 || !strings.Contains(stderr.String(), "note: interrupted after ") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	var result struct {
		Recording struct {
			Live    bool
			Seconds float64
		}
		Rows []any
	}
	if err := json.Unmarshal(stdout.Bytes(), &result); err != nil {
		t.Fatalf("%v: %s", err, stdout.String())
	}
	if !result.Recording.Live || result.Recording.Seconds > 300 {
		t.Errorf("recording %+v", result.Recording)
	}

	if _, err := io.WriteString(in, "?\n"); err != nil {
		t.Fatal(err)
	}
	if lines.Scan(); lines.Text() != "closed" {
		t.Errorf("the inspector is left open: %s", lines.Text())
	}
}

// onFirstWrite calls do when the command speaks for the first time: the
// sampling has begun.
type onFirstWrite struct {
	io.Writer
	do func()
}

func (w *onFirstWrite) Write(p []byte) (int, error) {
	w.do()
	return w.Writer.Write(p)
}
