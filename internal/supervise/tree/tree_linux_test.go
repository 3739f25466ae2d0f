package tree

import (
	"bufio"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// run starts a shell and returns the first line that it prints.
func run(t *testing.T, script string, env ...string) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.Command("sh", "-c", script)
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = SignalGroup(cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return cmd, strings.TrimSpace(line)
}

// wait waits for what the system does.
func wait(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not happen")
		}
	}
}

// TestTree finds children and theirs, and adds up their memory.
func TestTree(t *testing.T) {
	cmd, line := run(t, `sh -c 'sleep 1000 & echo $$ $!; wait' & wait`)
	words := strings.Fields(line)
	want := []int{cmd.Process.Pid}
	for _, word := range words {
		n, _ := strconv.Atoi(word)
		want = append(want, n)
	}
	if got := Of(cmd.Process.Pid); !slices.Equal(got, want) {
		t.Errorf("tree %d, want %d", got, want)
	}
	one, err := RSS(want[:1])
	if err != nil || one == 0 {
		t.Errorf("%d, %v", one, err)
	}
	text, err := os.ReadFile("/proc/" + strconv.Itoa(want[0]) + "/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	kb, _ := strconv.ParseUint(strings.Fields(rest)[0], 10, 64)
	if low, high := kb*1024*8/10, kb*1024*12/10; one < low || one > high { // the kernel's own two counts differ a little
		t.Errorf("RSS %d, the kernel says %d", one, kb*1024)
	}
	all, err := RSS(want)
	if err != nil || all <= one || all >= 3*one {
		t.Errorf("one has %d, three have %d: %v", one, all, err)
	}
	if _, err := RSS([]int{1 << 30}); err == nil {
		t.Error("a process that is not there has memory")
	}
	if got := Of(1 << 30); got != nil {
		t.Errorf("%d", got)
	}
}

// TestOrphans holds that orphans come to us, are known by their mark, and are let
// go of when they have ended.
func TestOrphans(t *testing.T) {
	if err := Adopt(); err != nil {
		t.Fatal(err)
	}
	const mark = "PLUMB_TEST=orphan"
	cmd, line := run(t, `(setsid sleep 1000 & echo $!); sleep 1000`, mark)
	orphan, _ := strconv.Atoi(line)
	// Both shells are about to exec sleep, and in the middle of an exec a process shows no environment.
	wait(t, func() bool {
		orphans, marked := Orphans(mark), Find(mark)
		return slices.Contains(children(os.Getpid()), orphan) && // the shell between us has ended
			slices.Contains(orphans, orphan) && slices.Contains(orphans, cmd.Process.Pid) && slices.Contains(marked, orphan)
	})
	if got := Orphans("PLUMB_TEST=other"); len(got) > 0 {
		t.Errorf("others: %d", got)
	}
	Signal([]int{orphan}, syscall.SIGKILL)
	wait(t, func() bool { return len(Alive([]int{orphan})) == 0 })
	var reaper Reaper
	if reaper.Reap(); !exists(orphan) {
		t.Error("it was let go of at once: somebody may have asked for it")
	}
	if reaper.Reap(); exists(orphan) {
		t.Error("it is still there")
	}
	// Whoever has started a process himself is not robbed of its end.
	_ = SignalGroup(cmd.Process.Pid, syscall.SIGKILL)
	wait(t, func() bool { return len(Alive([]int{cmd.Process.Pid})) == 0 })
	reaper.Reap()
	if err := cmd.Wait(); err == nil || strings.Contains(err.Error(), "no child") {
		t.Errorf("%v", err)
	}
}

func exists(pid int) bool { return syscall.Kill(pid, 0) == nil }

// TestGuard holds that a guard ends what it holds when its pipe closes, and nothing
// that was dropped; that it is started again when it was killed; and that it goes
// when it is sent away.
func TestGuard(t *testing.T) {
	held, _ := run(t, "trap '' TERM; echo up; while :; do sleep 0.1; done")
	dropped, _ := run(t, "echo up; sleep 1000")
	g, err := NewGuard(200 * time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	first := g.PID()
	for _, cmd := range []*exec.Cmd{held, dropped} {
		if err := g.Hold(-cmd.Process.Pid); err != nil {
			t.Fatal(err)
		}
	}
	g.Drop(-dropped.Process.Pid)
	Signal([]int{first}, syscall.SIGKILL)
	<-g.ended
	if err := g.Renew(); err != nil || g.PID() == first {
		t.Errorf("guard %d, before %d: %v", g.PID(), first, err)
	}
	_ = g.pipe.Close() // as the kernel does it when we are killed
	<-g.ended
	wait(t, func() bool { return len(Alive([]int{held.Process.Pid})) == 0 })
	if len(Alive([]int{dropped.Process.Pid})) == 0 {
		t.Error("what was dropped has ended")
	}
	g, err = NewGuard(time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Hold(-dropped.Process.Pid); err != nil {
		t.Fatal(err)
	}
	g.Close()
	if len(Alive([]int{dropped.Process.Pid})) == 0 {
		t.Error("it was ended at a goodbye")
	}
}
