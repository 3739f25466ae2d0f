package node

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestNamespace attaches to a program in a network and a pid namespace of its
// own, as in a container.
func TestNamespace(t *testing.T) {
	node := anyNode(t)
	out := newOutput(t)
	cmd := exec.Command(node, "-e", "console.log('pid ' + process.pid); setInterval(() => {}, 1000)")
	cmd.Stdout = out
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWPID}
	if err := cmd.Start(); err != nil {
		t.Skipf("no namespace can be made: %v", err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if inside := out.after(t, "pid "); inside != "1" {
		t.Fatalf("it calls itself %s", inside)
	}
	// A new network has its loopback down.
	up := exec.Command("nsenter", "-t", strconv.Itoa(cmd.Process.Pid), "-n", "ip", "link", "set", "lo", "up")
	if text, err := up.CombinedOutput(); err != nil {
		t.Skipf("its network cannot be set up: %v: %s", err, text)
	}
	p := attach(t, strconv.Itoa(cmd.Process.Pid))
	if p.Info().PID != cmd.Process.Pid {
		t.Errorf("info %+v", p.Info())
	}
	if _, err := p.Memory(t.Context()); err != nil {
		t.Error(err)
	}
	if err := p.Release(t.Context()); err != nil {
		t.Error(err)
	}
	if n := listening(t, cmd.Process.Pid); n != 0 {
		t.Errorf("%d sockets after Release", n)
	}
}

// TestSigusr1Disabled holds that no signal is sent to a program that it would
// end.
func TestSigusr1Disabled(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		if err := exec.Command(bin, "--disable-sigusr1", "-e", "0").Run(); err != nil {
			t.Skip("this version has no --disable-sigusr1")
		}
		f := runApp(t, bin, "--disable-sigusr1")
		_, err := Attach(t.Context(), f.pid(), AttachOptions{})
		var e *Error
		if !errors.Is(err, ErrNoInspector) || !strings.Contains(err.Error(), "--disable-sigusr1") || !errors.As(err, &e) || e.Hint == "" {
			t.Errorf("error %v", err)
		}
		get(t, f.url)
	})
}

// TestOtherUser attaches as a user who may not.
func TestOtherUser(t *testing.T) {
	if os.Getenv("PLUMB_TEST_ATTACH") != "" {
		_, err := Attach(t.Context(), os.Getenv("PLUMB_TEST_ATTACH"), AttachOptions{})
		var e *Error
		if !errors.Is(err, ErrPermission) || !errors.As(err, &e) || !strings.Contains(e.Hint, "it belongs to user root") {
			t.Errorf("error %v", err)
		}
		return
	}
	if os.Getuid() != 0 {
		t.Skip("only root can become another user")
	}
	f := runApp(t, anyNode(t))
	// The same test, as nobody, out of an open file: the path may be root's only.
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer self.Close()
	cmd := exec.Command("/proc/self/fd/3", "-test.run=^TestOtherUser$")
	cmd.Dir = "/"
	cmd.ExtraFiles = []*os.File{self}
	cmd.Env = append(os.Environ(), "PLUMB_TEST_ATTACH="+f.pid())
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	get(t, f.url)
}
