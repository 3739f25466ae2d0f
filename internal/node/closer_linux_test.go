package node

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// blocking is a program that stands still outside of JavaScript, where no inspector
// opens: it waits for a command, which waits for a byte.
func blocking(t *testing.T, bin string) (f *foreign, unblock func()) {
	t.Helper()
	f = runForeign(t, bin, "--inspect-port="+strconv.Itoa(freePort(t)), "-e", `
		const server = require('http').createServer((q, r) => r.end()).listen(0, '127.0.0.1', () => {
			console.log('listening on http://127.0.0.1:' + server.address().port);
			console.log('blocking');
			require('child_process').spawnSync('head', ['-c1'], { stdio: ['inherit', 'ignore', 'ignore'] });
		});`)
	f.url = f.after(t, "listening on ")
	f.after(t, "blocking")
	wait(t, "the command runs", func() bool {
		children, _ := (&process.Process{Pid: int32(f.cmd.Process.Pid)}).Children()
		if len(children) != 1 || blocked(f.cmd.Process.Pid) {
			return false
		}
		name, _ := children[0].Name()
		return name == "head"
	})
	return f, func() {
		if _, err := f.stdin.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
	}
}

// giveUp attaches in vain, which leaves a closer.
func giveUp(t *testing.T, f *foreign) (closer int) {
	t.Helper()
	p, err := Attach(t.Context(), f.pid(), AttachOptions{Timeout: 300 * time.Millisecond})
	if err == nil {
		_ = p.Release(t.Context())
		t.Fatal("it attached")
	}
	var worded *Error
	if !errors.As(err, &worded) || !strings.Contains(worded.Hint, closerName) {
		t.Fatalf("error %v, hint %+v", err, worded)
	}
	wait(t, "there is one closer", func() bool { return len(closersOf(t.Context(), f.cmd.Process.Pid)) == 1 })
	return int(closersOf(t.Context(), f.cmd.Process.Pid)[0].Pid)
}

// left waits until nothing of ours is left at a program, and looks that its
// inspector was open.
func left(t *testing.T, f *foreign) {
	t.Helper()
	pid := f.cmd.Process.Pid
	wait(t, "the inspector opens", func() bool {
		said := f.stderr.String()
		if strings.Contains(said, "Starting inspector on") {
			t.Fatalf("another program took the port meanwhile: %s", said)
		}
		return strings.Contains(said, "Debugger listening")
	})
	wait(t, "the closer ends", func() bool { return len(closersOf(t.Context(), pid)) == 0 })
	if n := listening(t, pid); n != 1 {
		t.Errorf("the program listens on %d sockets, want its own", n)
	}
	get(t, f.url)
}

// looks waits until a closer has looked at its program several times.
func looks(t *testing.T, closer int) {
	t.Helper()
	reads := func() int {
		text, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(closer), "io"))
		for line := range strings.Lines(string(text)) {
			if n, ok := strings.CutPrefix(line, "syscr: "); ok {
				count, _ := strconv.Atoi(strings.TrimSpace(n))
				return count
			}
		}
		return 0
	}
	before := reads()
	wait(t, "the closer looks", func() bool { return reads() > before+1000 })
}

// TestCloser holds that an inspector which opens when we have given up is closed,
// and that several who give up leave one closer.
func TestCloser(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		f, unblock := blocking(t, bin)
		first := giveUp(t, f)
		if second := giveUp(t, f); second == first {
			t.Error("the second closer did not take the place of the first")
		}
		unblock()
		left(t, f)
		p := attach(t, f.pid())
		if err := p.Release(t.Context()); err != nil {
			t.Error(err)
		}
		left(t, f)
	})
}

// TestCloserBusy holds that a program which computes outside of JavaScript is
// called blocked.
func TestCloserBusy(t *testing.T) {
	f := runForeign(t, anyNode(t), "--inspect-port="+strconv.Itoa(freePort(t)), "-e",
		"console.log('computing'); require('crypto').pbkdf2Sync('a', 'b', 2 ** 31 - 1, 64, 'sha512')")
	f.after(t, "computing")
	_, err := Attach(t.Context(), f.pid(), AttachOptions{Timeout: time.Second})
	if !errors.Is(err, ErrBusy) {
		t.Errorf("error %v", err)
	}
}

// TestCloserStopped stops the program right after the signal.
func TestCloserStopped(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		f := runApp(t, bin)
		c, err := examine(f.cmd.Process.Pid)
		if err != nil {
			t.Fatal(err)
		}
		before := c.inspectorSockets()
		closer, err := c.startCloser(before, closerPatience)
		if err != nil {
			t.Fatal(err)
		}
		for _, signal := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGUSR1} { // which waits then
			if err := f.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, _, err := c.connectOpened(ctx, "attach", before); !errors.Is(err, ErrBusy) {
			t.Errorf("error %v", err)
		}
		closer.leave()
		looks(t, closer.process.Pid)
		if err := f.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		left(t, f)
	})
}

// TestCloserAfterKill kills the one who attaches, when he has sent the signal.
func TestCloserAfterKill(t *testing.T) {
	if pid := os.Getenv("PLUMB_TEST_BLOCKED"); pid != "" {
		_, err := Attach(t.Context(), pid, AttachOptions{Timeout: time.Hour})
		t.Fatal(err)
	}
	eachNode(t, func(t *testing.T, bin string) {
		f, unblock := blocking(t, bin)
		first := giveUp(t, f)
		cmd := exec.Command("/proc/self/exe", "-test.run=^TestCloserAfterKill$")
		cmd.Env = append(os.Environ(), "PLUMB_TEST_BLOCKED="+f.pid())
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// After the signal the closer of the first is ended.
		wait(t, "the signal is sent", func() bool {
			all := closersOf(t.Context(), f.cmd.Process.Pid)
			return len(all) == 1 && int(all[0].Pid) != first
		})
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		unblock()
		left(t, f)
	})
}

// TestCloserThenAttach has somebody wait for the inspector as the closer does, who
// gets it, and no closer remains.
func TestCloserThenAttach(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		f, unblock := blocking(t, bin)
		first := giveUp(t, f)
		attached := make(chan error)
		go func() {
			p, err := Attach(t.Context(), f.pid(), AttachOptions{Timeout: time.Minute})
			if err == nil {
				_, err = p.Memory(t.Context())
				err = errors.Join(err, p.Release(t.Context()))
			}
			attached <- err
		}()
		wait(t, "the signal is sent", func() bool {
			all := closersOf(t.Context(), f.cmd.Process.Pid)
			return len(all) == 1 && int(all[0].Pid) != first
		})
		unblock()
		if err := <-attached; err != nil {
			t.Error(err)
		}
		left(t, f)
	})
}

// TestCloserWaits holds that a closer does not close an inspector that is in use.
func TestCloserWaits(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		f, unblock := blocking(t, bin)
		closer := giveUp(t, f)
		if err := syscall.Kill(closer, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		unblock()
		user := attach(t, debuggerURL(t, f))
		if err := syscall.Kill(closer, syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		looks(t, closer)
		if _, err := user.Memory(t.Context()); err != nil {
			t.Errorf("the inspector was closed: %v", err)
		}
		if err := user.Release(t.Context()); err != nil {
			t.Error(err)
		}
		left(t, f)
	})
}

// TestCloserTakenOver has somebody attach while a closer is about to close the
// inspector: it is his then, and closes with him.
func TestCloserTakenOver(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		f, unblock := blocking(t, bin)
		closer := giveUp(t, f)
		if err := syscall.Kill(closer, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		unblock()
		debuggerURL(t, f)
		p := attach(t, f.pid())
		wait(t, "the closer is ended", func() bool { return len(closersOf(t.Context(), f.cmd.Process.Pid)) == 0 })
		if _, err := p.Memory(t.Context()); err != nil {
			t.Errorf("the inspector was closed: %v", err)
		}
		if err := p.Release(t.Context()); err != nil {
			t.Error(err)
		}
		left(t, f)
	})
}

// TestCloserWasFirst has somebody attach when the closer has asked the program to
// close the inspector: it opens anew.
func TestCloserWasFirst(t *testing.T) {
	f := runApp(t, anyNode(t), "--inspect="+strconv.Itoa(freePort(t)))
	url := debuggerURL(t, f)
	c, err := examine(f.cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	closer, err := c.startCloser(nil, closerPatience)
	if err != nil {
		t.Fatal(err)
	}
	defer closer.dismiss()
	first := attach(t, url)
	if err := first.session.Evaluate(t.Context(), closeSource, nil); err != nil {
		t.Fatal(err)
	}
	if err := first.disconnect(); err != nil {
		t.Fatal(err)
	}
	p := attach(t, f.pid())
	if strings.HasSuffix(url, p.targetID) {
		t.Error("it has the inspector that is about to close")
	}
	if _, err := p.Memory(t.Context()); err != nil {
		t.Errorf("the inspector was closed: %v", err)
	}
	if err := p.Release(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestCloserSpares holds that an inspector which was open before is left open.
func TestCloserSpares(t *testing.T) {
	f := runApp(t, anyNode(t), "--inspect="+strconv.Itoa(freePort(t)))
	c, err := examine(f.cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	closer, err := c.startCloser(c.inspectorSockets(), closerPatience)
	if err != nil {
		t.Fatal(err)
	}
	closer.leave()
	looks(t, closer.process.Pid)
	if n := listening(t, f.cmd.Process.Pid); n != 2 {
		t.Errorf("the program listens on %d sockets, want its own and the inspector", n)
	}
}

// TestCloserEnds holds that a closer ends when its program has ended, and when
// another has its process id.
func TestCloserEnds(t *testing.T) {
	f, _ := blocking(t, anyNode(t))
	giveUp(t, f)
	_ = f.cmd.Process.Kill() // nobody asks how it ended
	wait(t, "the closer ends", func() bool { return len(closersOf(t.Context(), f.cmd.Process.Pid)) == 0 })

	g := runApp(t, anyNode(t))
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe")
	cmd.Args = []string{closerName, g.pid(), "1", "1h"}
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v: %s", err, out)
	}
}

// TestCloserHoldsNothing holds that a closer which waits keeps no file of ours
// open, nor a folder.
func TestCloserHoldsNothing(t *testing.T) {
	f := runApp(t, anyNode(t))
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command("/proc/self/exe")
	cmd.Args = []string{closerName, f.pid(), "1", "1h"}
	cmd.ExtraFiles = []*os.File{w}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	_ = r.SetReadDeadline(time.Now().Add(30 * time.Second))
	if n, err := r.Read(make([]byte, 1)); n != 0 || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the pipe is open: %v", err)
	}
	_ = stdin.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// freePorts is the first of two ports that are free, as a primary and its worker need
// them, below those that the system gives to connections.
func freePorts(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 12_000 + 2*rand.IntN(9000)
		one, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err != nil {
			continue
		}
		two, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port+1))
		_ = one.Close()
		if err == nil {
			_ = two.Close()
			return port
		}
	}
	t.Fatal("no two ports are free")
	return 0
}

// TestCloserWorkers holds that the inspector of a cluster's worker which stood still
// while we were attached to its primary is closed as well.
func TestCloserWorkers(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		script := filepath.Join(t.TempDir(), "cluster.js")
		text := `
			const cluster = require('cluster');
			if (cluster.isPrimary) {
				cluster.setupPrimary({ stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
				cluster.fork();
			} else {
				console.log('blocking');
				require('child_process').spawnSync('head', ['-c1'], { stdio: ['inherit', 'ignore', 'ignore'] });
			}`
		if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f := runForeign(t, bin, "--inspect-port="+strconv.Itoa(freePorts(t)), script)
		f.after(t, "blocking")
		children, err := (&process.Process{Pid: int32(f.cmd.Process.Pid)}).Children()
		if err != nil || len(children) != 1 {
			t.Fatalf("%d children: %v", len(children), err)
		}
		worker := int(children[0].Pid)
		p := attach(t, f.pid())
		if err := p.Release(t.Context()); err != nil {
			t.Error(err)
		}
		if n := len(closersOf(t.Context(), worker)); n != 1 {
			t.Errorf("the worker has %d closers", n)
		}
		before := strings.Count(f.stderr.String(), "Debugger listening")
		if _, err := f.stdin.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		wait(t, "the worker's inspector opens", func() bool {
			return strings.Count(f.stderr.String(), "Debugger listening") > before
		})
		wait(t, "the closer ends", func() bool { return len(closersOf(t.Context(), worker)) == 0 })
		if n := listening(t, worker); n != 0 {
			t.Errorf("the worker listens on %d sockets", n)
		}
	})
}
