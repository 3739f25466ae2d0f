package cli

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// program is a Node.js program that runs on its own.
type program struct {
	cmd  *exec.Cmd
	port int // where SIGUSR1 opens its inspector: 9229 may be taken by others
}

// runProgram returns when the program has written a line.
func runProgram(script string) (*program, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &program{port: l.Addr().(*net.TCPAddr).Port}
	_ = l.Close()
	p.cmd = exec.Command("node", "--inspect-port="+strconv.Itoa(p.port), script)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

func (p *program) stop() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func (p *program) pid() string { return strconv.Itoa(p.cmd.Process.Pid) }

// inspected tells whether its inspector is open.
func (p *program) inspected() bool {
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)))
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

func startProgram(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: program FILE")
	}
	p, err := runProgram(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(p.stop)
	ts.Setenv("PID", p.pid())
	ts.Setenv("PORT", strconv.Itoa(p.port))
}

// newProgram runs a program for a test in Go.
func newProgram(t *testing.T, source string) *program {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	script := filepath.Join(t.TempDir(), "app.js")
	if err := os.WriteFile(script, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := runProgram(script)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	return p
}

// killWhen runs plumb and kills it without mercy when a line that contains text
// comes from it.
func killWhen(t *testing.T, text string, args ...string) {
	t.Helper()
	cmd := exec.Command("plumb", args...)
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
		_ = w.Close()
	}()
	seen, said := false, ""
	for lines := bufio.NewScanner(r); lines.Scan(); {
		said += lines.Text() + "\n"
		if seen = strings.Contains(lines.Text(), text); seen {
			break
		}
	}
	_ = cmd.Process.Kill() // it may have ended
	_ = r.CloseWithError(errors.New("enough"))
	<-ended
	if !seen {
		t.Fatalf("plumb %q ended without %q: %s", args, text, said)
	}
}

// TestKilled kills plumb while it is attached: the inspector closes by itself,
// and the program can be attached to again.
func TestKilled(t *testing.T) {
	p := newProgram(t, "setInterval(() => {}, 1000); console.log('ready')")
	killWhen(t, " MB", "memory", p.pid(), "--watch")
	if !p.inspected() {
		t.Error("the inspector closed with the connection: the guard was not needed")
	}
	for deadline := time.Now().Add(time.Minute); p.inspected(); {
		if time.Now().After(deadline) {
			t.Fatal("the inspector is still open")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if out, err := exec.Command("plumb", "memory", p.pid()).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	if p.inspected() {
		t.Error("the inspector is open after plumb has ended")
	}
}

// TestKilledDuringCapture kills plumb in the middle of a snapshot.
func TestKilledDuringCapture(t *testing.T) {
	p := newProgram(t, "globalThis.kept = Array.from({ length: 2e5 }, (_, i) => ({ i })); setInterval(() => {}, 1000); console.log('ready')")
	dir := t.TempDir()
	killWhen(t, "write snapshot", "snapshot", p.pid(), "-o", dir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".plumb-") {
			t.Errorf("half a snapshot is there as %s", e.Name())
		}
	}
}
