package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// foreign is a program that somebody else started.
type foreign struct {
	*output
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stderr *lockedBuffer
	url    string
}

type lockedBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// inspectorPort is the test's own, because 9229 may be taken on the machine.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func runForeign(t *testing.T, args ...string) *foreign {
	t.Helper()
	f := &foreign{output: newOutput(t), cmd: exec.Command(args[0], args[1:]...), stderr: &lockedBuffer{}}
	f.cmd.Stdout, f.cmd.Stderr = f.output, f.stderr
	f.cmd.WaitDelay = time.Second   // what it started may outlive it
	stdin, err := f.cmd.StdinPipe() // held open
	if err != nil {
		t.Fatal(err)
	}
	if err := f.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = f.cmd.Process.Kill()
		_ = f.cmd.Wait()
		if t.Failed() {
			t.Logf("%s said\n%s", strings.Join(args, " "), f.stderr)
		}
		wait(t, "its closer ends", func() bool { return len(closersOf(context.Background(), f.cmd.Process.Pid)) == 0 })
	})
	f.stdin = stdin
	return f
}

// wait waits until something is so.
func wait(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 6000 {
		if is() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("in 30 s it did not happen that %s", what)
}

func runApp(t *testing.T, bin string, options ...string) *foreign {
	t.Helper()
	options = append([]string{"--inspect-port=" + strconv.Itoa(freePort(t))}, options...)
	f := runForeign(t, append(append([]string{bin}, options...), app(t))...)
	f.url = f.after(t, "listening on ")
	return f
}

func (f *foreign) pid() string { return strconv.Itoa(f.cmd.Process.Pid) }

func attach(t *testing.T, target string) *Process {
	t.Helper()
	p, err := Attach(t.Context(), target, AttachOptions{Timeout: 30 * time.Second})
	if err != nil {
		var e *Error
		if errors.As(err, &e) {
			t.Fatalf("%v (hint: %s)", err, e.Hint)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Release(context.Background()) })
	return p
}

// listening counts the sockets on which a process listens.
func listening(t *testing.T, pid int) int {
	t.Helper()
	sockets, err := listeners(pid)
	if err != nil {
		t.Fatal(err)
	}
	return len(sockets)
}

// TestAttach holds that an attached program is left as it was: no socket, it
// answers, and SIGUSR1 works again.
func TestAttach(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		f := runApp(t, bin)
		for range 2 {
			p := attach(t, f.pid())
			if p.Info().PID != f.cmd.Process.Pid {
				t.Errorf("info %+v", p.Info())
			}
			if _, err := p.Memory(t.Context()); err != nil {
				t.Error(err)
			}
			if got := p.Listening(); len(got) != 1 || "http://"+got[0] != f.url {
				t.Errorf("listening on %v, want %s", got, f.url)
			}
			path := filepath.Join(t.TempDir(), "a.heapsnapshot")
			record, err := p.Capture(t.Context(), path, CaptureOptions{Label: "attached", Numeric: true})
			if err != nil {
				t.Fatal(err)
			}
			checkSnapshot(t, path, record)
			if err := p.Release(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := listening(t, f.cmd.Process.Pid); n != 1 {
				t.Errorf("the program listens on %d sockets after Release, want its own", n)
			}
			get(t, f.url)
		}
	})
}

// TestAttachOpen holds that an inspector which was open stays open.
func TestAttachOpen(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		port := freePort(t)
		f := runApp(t, bin, "--inspect="+strconv.Itoa(port))
		for _, target := range []string{f.pid(), fmt.Sprintf("http://127.0.0.1:%d", port), debuggerURL(t, f)} {
			p := attach(t, target)
			if p.Info().PID != f.cmd.Process.Pid {
				t.Errorf("%s: info %+v", target, p.Info())
			}
			if err := p.Release(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := listening(t, f.cmd.Process.Pid); n != 2 {
				t.Errorf("%s: %d sockets after Release, want 2", target, n)
			}
		}
	})
}

// debuggerURL reads it from the program's standard error.
func debuggerURL(t *testing.T, f *foreign) string {
	t.Helper()
	for range 1000 {
		for line := range strings.Lines(f.stderr.String()) {
			if m := listeningLine.FindStringSubmatch(line); m != nil {
				return m[1]
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("no URL on the standard error")
	return ""
}

// TestAttachRefused goes through all that cannot be attached to.
func TestAttachRefused(t *testing.T) {
	node := anyNode(t)
	sleep := exec.Command("sleep", "100")
	if err := sleep.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sleep.Process.Kill(); _ = sleep.Wait() })

	own := runForeign(t, node, "--inspect-port="+strconv.Itoa(freePort(t)), "-e",
		"process.on('SIGUSR1', () => console.log('mine')); setInterval(() => {}, 1000); console.log('ready')")
	own.after(t, "ready")

	// Reading from a pipe stops the whole thread.
	blocked := runForeign(t, node, "--inspect-port="+strconv.Itoa(freePort(t)), "-e",
		"console.log('blocking'); require('fs').readSync(0, Buffer.alloc(1))")
	blocked.after(t, "blocking")

	shell := runForeign(t, "sh", "-c", node+" -e \"console.log('ready'); process.stdin.resume()\"; true")
	shell.after(t, "ready")
	var toldWhere *Error
	_, err := Attach(t.Context(), shell.pid(), AttachOptions{})
	if !errors.As(err, &toldWhere) || !strings.Contains(toldWhere.Hint, "it has started one: attach to ") {
		t.Errorf("error %v, hint %+v", err, toldWhere)
	}

	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := runForeign(t, node, "--inspect-port="+strconv.Itoa(taken.Addr().(*net.TCPAddr).Port), "-e",
		"setInterval(() => {}, 1000); console.log('ready')")
	port.after(t, "ready")

	for _, c := range []struct {
		name, target string
		kind         error
		says         string
	}{
		{"blocked", blocked.pid(), ErrBusy, "blocked"},
		{"no process", "2000000000", ErrNoProcess, "no such process"},
		{"not node", strconv.Itoa(sleep.Process.Pid), ErrNotNode, "sleep"},
		{"own handler", own.pid(), ErrNoInspector, "handles SIGUSR1 itself"},
		{"port taken", port.pid(), ErrPortTaken, "listens on"},
		{"no inspector", "http://" + taken.Addr().String(), ErrNoInspector, ""},
		{"nobody there", "ws://127.0.0.1:1/x", ErrNoInspector, "refused"},
		{"nonsense", "app.js", nil, "neither"},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			_, err := Attach(t.Context(), c.target, AttachOptions{Timeout: 1500 * time.Millisecond})
			var e *Error
			if !errors.As(err, &e) || e.Hint == "" || c.kind != nil && !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want %v with a hint", err, c.kind)
			}
		})
	}
	own.after(t, "mine") // its handler ran
}

// TestGuard holds that the inspector closes when we vanish, and that the
// program can end with the guard in it.
func TestGuard(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		f := runApp(t, bin)
		p, err := Attach(t.Context(), f.pid(), AttachOptions{Timeout: 30 * time.Second, guardTick: 50 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		// What kill -9 does: the connection is gone, and nobody says a word.
		p.guard.stop()
		_ = p.disconnect()
		for range 2000 {
			if listening(t, f.cmd.Process.Pid) == 1 {
				get(t, f.url)
				attach(t, f.pid())
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
		t.Error("the inspector is still open")
	})
}

// TestGuardIsRemoved holds that the guard of one visit does not end the next.
func TestGuardIsRemoved(t *testing.T) {
	f := runApp(t, anyNode(t))
	for range 2 {
		p, err := Attach(t.Context(), f.pid(), AttachOptions{Timeout: 30 * time.Second, guardTick: 50 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	p := attach(t, f.pid())
	// By the program's own clock the guards would have closed it by now.
	_, err := p.session.EvaluateRemote(t.Context(), inspector.Evaluation{
		Expression: "new Promise((done) => setTimeout(done, 500))", AwaitPromise: true,
	})
	if err != nil {
		t.Error(err)
	}
}

// TestFinished holds that a program which has nothing left to do ends, though
// we are connected.
func TestFinished(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		p, out := start(t, bin, "-e", "globalThis.busy = setInterval(() => {}, 1e6); process.exitCode = 7; console.log('up')")
		out.after(t, "up")
		if err := p.Run(t.Context(), "clearInterval(busy)"); err != nil {
			t.Fatal(err)
		}
		<-p.Done()
		if exit := p.Exit(); exit.Code != 7 {
			t.Errorf("exit %v", exit)
		}
	})
}

// TestMovedInspector holds that another program's idle inspector makes room,
// and gets its port back.
func TestMovedInspector(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		port := freePort(t)
		holder := runForeign(t, bin, "--inspect="+strconv.Itoa(port), app(t))
		holder.after(t, "listening on ")
		f := runForeign(t, bin, "--inspect-port="+strconv.Itoa(port), app(t))
		f.url = f.after(t, "listening on ")
		p := attach(t, f.pid())
		if p.Info().PID != f.cmd.Process.Pid {
			t.Errorf("attached to %d", p.Info().PID)
		}
		if err := p.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		pid, taken, _ := (&candidate{pid: f.cmd.Process.Pid}).portHolder(t.Context(), port)
		if !taken || pid != holder.cmd.Process.Pid {
			t.Errorf("port %d is held by %d, want %d", port, pid, holder.cmd.Process.Pid)
		}
	})
}

// TestTogether attaches to one program several times at once.
func TestTogether(t *testing.T) {
	f := runApp(t, anyNode(t))
	const visitors = 3
	var all [visitors]*Process
	var group sync.WaitGroup
	for i := range all {
		group.Go(func() {
			p, err := Attach(t.Context(), f.pid(), AttachOptions{Timeout: 30 * time.Second})
			if err != nil {
				t.Error(err)
				return
			}
			all[i] = p
		})
	}
	group.Wait()
	for _, p := range all {
		if p == nil {
			continue
		}
		if _, err := p.Memory(t.Context()); err != nil {
			t.Error(err)
		}
	}
	for _, p := range all {
		if p == nil {
			continue
		}
		if err := p.Release(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if n := listening(t, f.cmd.Process.Pid); n != 1 {
		t.Errorf("the program listens on %d sockets after Release, want its own", n)
	}
}

// TestSecondAttach holds that a program which is being debugged on the port
// is left alone.
func TestSecondAttach(t *testing.T) {
	node := anyNode(t)
	f := runApp(t, node)
	p := attach(t, f.pid())
	g := runForeign(t, node, "--inspect-port="+strconv.Itoa(p.inspectorPort), app(t))
	g.after(t, "listening on ")
	_, err := Attach(t.Context(), g.pid(), AttachOptions{})
	if !errors.Is(err, ErrPortTaken) || !strings.Contains(err.Error(), "is being debugged") {
		t.Errorf("error %v", err)
	}
	if _, err := p.Memory(t.Context()); err != nil {
		t.Error(err)
	}
}
