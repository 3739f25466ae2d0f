package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/plumb-dev/plumb/internal/load"
	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// kept is a plumb that keeps programs up.
type kept struct {
	cmd    *exec.Cmd
	lines  chan string // both outputs
	passed []string    // that matched nothing yet
	ended  chan struct{}
}

// startKept starts plumb with its state in a folder of its own.
func startKept(cmd *exec.Cmd) (*kept, error) {
	k := &kept{cmd: cmd, lines: make(chan string, 10000), ended: make(chan struct{})}
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(k.lines)
		for lines := bufio.NewScanner(r); lines.Scan(); {
			k.lines <- lines.Text()
		}
	}()
	go func() {
		defer close(k.ended)
		_ = cmd.Wait()
		_ = w.Close()
	}()
	return k, nil
}

// after waits for a line that the pattern matches, of those that no pattern has
// matched before, and returns its first group. What plumb says and what its
// programs say comes in any order.
func (k *kept) after(pattern string) (string, error) {
	want := regexp.MustCompile(pattern)
	timeout := time.After(time.Minute)
	for at := 0; ; at++ {
		if at == len(k.passed) {
			select {
			case line, ok := <-k.lines:
				if !ok {
					return "", fmt.Errorf("plumb ended without a line %q: %q", pattern, k.passed)
				}
				k.passed = append(k.passed, line)
			case <-timeout:
				return "", fmt.Errorf("no line %q: %q", pattern, k.passed)
			}
		}
		if m := want.FindStringSubmatch(k.passed[at]); m != nil {
			k.passed = slices.Delete(k.passed, at, at+1)
			return m[len(m)-1], nil
		}
	}
}

// stop has plumb end.
func (k *kept) stop() {
	_ = k.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-k.ended:
	case <-time.After(time.Minute):
		_ = k.cmd.Process.Kill()
		<-k.ended
	}
}

func keepUp(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: keep ARGS...")
	}
	cmd := exec.Command("plumb", append([]string{"run"}, args...)...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+ts.Getenv("XDG_STATE_HOME"), "XDG_RUNTIME_DIR=", "HOME="+ts.Getenv("HOME"))
	k, err := startKept(cmd)
	ts.Check(err)
	ts.Defer(k.stop)
	pid, err := k.after(`\(process (\d+)\) started`)
	ts.Check(err)
	ts.Setenv("APP_PID", pid)
	_, err = k.after(`ready`)
	ts.Check(err)
}

// newKept runs plumb for a test in Go.
func newKept(t *testing.T, args ...string) *kept {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("XDG_RUNTIME_DIR", "")
	k, err := startKept(exec.Command("plumb", append([]string{"run"}, args...)...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.stop)
	return k
}

func (k *kept) must(t *testing.T, pattern string) string {
	t.Helper()
	found, err := k.after(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func script(t *testing.T, source string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.js")
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestReloadLosesNothing loads a server during ten restarts of each of its two
// instances, with connections that stay open and with new ones.
func TestReloadLosesNothing(t *testing.T) {
	nodes := filepath.SplitList(os.Getenv("PLUMB_NODES"))
	if len(nodes) == 0 {
		nodes = []string{"node"}
	}
	for _, bin := range nodes {
		t.Run(bin, func(t *testing.T) { reloadLosesNothing(t, bin) })
	}
}

func reloadLosesNothing(t *testing.T, bin string) {
	for name, keepAlive := range map[string]bool{"keep-alive": true, "new connections": false} {
		t.Run(name, func(t *testing.T) {
			k := newKept(t, "--name", "server", "--instances", "2", "--min-uptime", "1h", "--", bin, script(t, `
				require('http').createServer((q, r) => { q.resume(); setTimeout(() => r.end('ok'), 2); }).listen(0, '127.0.0.1', function () {
					console.log('port ' + this.address().port + '.');
				});`))
			port := k.must(t, `port (\d+)\.`)
			go func() {
				for range k.lines { // it must not be held up by its output
				}
			}()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			result := make(chan *load.Report, 1)
			go func() {
				report, err := load.Run(ctx, load.Plan{
					Targets:     []load.Target{{Method: "POST", URL: "http://127.0.0.1:" + port + "/", Body: []byte("x")}},
					Connections: 8, KeepAlive: keepAlive, Duration: time.Hour, Timeout: time.Minute,
				})
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
				result <- report
			}()
			for range 5 { // of two processes each
				if out, err := exec.Command("plumb", "reload", "server").CombinedOutput(); err != nil {
					t.Errorf("%v: %s", err, out)
				}
			}
			cancel()
			report := <-result
			if report == nil || report.Completed < 100 || report.Failed > 0 || report.StatusCodes[200] != report.Completed {
				t.Errorf("requests were lost: %+v", report)
			}
		})
	}
}

// TestRunKilled holds that nothing outlives a plumb that was killed: not the
// program, not what it has started, however deaf; and that the next plumb says
// what it has found.
func TestRunKilled(t *testing.T) {
	if _, err := os.Stat("/proc/self/task"); err != nil {
		t.Skip("only Linux shows who is left")
	}
	k := newKept(t, "--name", "deaf", "--stop-timeout", "1s", "--", "sh", "-c",
		`trap '' TERM; sh -c "trap '' TERM; echo child; while :; do sleep 0.1; done" & while :; do sleep 0.1; done`)
	k.must(t, "^child$")
	k.must(t, " started$") // the guard knows of it
	mark := markOf(t, "deaf")
	if len(tree.Find(mark)) < 2 {
		t.Fatalf("%d processes carry the mark", len(tree.Find(mark)))
	}
	if err := k.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); len(tree.Find(mark)) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("left: %d", tree.Find(mark))
		}
	}
	out, err := exec.Command("plumb", "run", "--name", "deaf", "--restart", "never", "--", "sh", "-c", "exit 5").CombinedOutput()
	if code := exitCode(err); code != 5 || !strings.Contains(string(out), "was killed; nothing of it is left") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

// TestGuardKilled kills plumb and its guard: what is left then is ended by the
// next plumb.
func TestGuardKilled(t *testing.T) {
	if _, err := os.Stat("/proc/self/task"); err != nil {
		t.Skip("only Linux shows who is left")
	}
	k := newKept(t, "--name", "deaf", "--", "sh", "-c", `trap '' TERM; echo up; while :; do sleep 0.1; done`)
	k.must(t, "^up$")
	mark := markOf(t, "deaf")
	for _, pid := range tree.Of(k.cmd.Process.Pid) {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if strings.Contains(string(text), "plumb-guard") {
			if guard, err := os.FindProcess(pid); err == nil {
				_ = guard.Kill()
			}
		}
	}
	if err := k.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-k.ended
	if len(tree.Find(mark)) == 0 {
		t.Fatal("it was not deaf")
	}
	out, err := exec.Command("plumb", "run", "--name", "deaf", "--stop-timeout", "100ms", "--restart", "never", "--", "sh", "-c", "exit 5").CombinedOutput()
	if exitCode(err) != 5 || !strings.Contains(string(out), "left processes, which are ended now") {
		t.Errorf("%v: %s", err, out)
	}
	if left := tree.Find(mark); len(left) > 0 {
		t.Errorf("left: %d", left)
	}
}

func exitCode(err error) int {
	if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // of CombinedOutput
		return exit.ExitCode()
	}
	return 0
}

// markOf is what marks the processes of an app.
func markOf(t *testing.T, app string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(os.Getenv("XDG_STATE_HOME"), "plumb", "run", app+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var state struct{ Mark string }
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	return state.Mark
}

// TestSystemd plays systemd: it is told that the app is ready, that plumb is
// alive, and that it stops.
func TestSystemd(t *testing.T) {
	address := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: address, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	t.Setenv("NOTIFY_SOCKET", address)
	t.Setenv("WATCHDOG_USEC", "200000")
	k := newKept(t, "--name", "served", "--metrics-address", "off", "--min-uptime", "1ms", "--", "sh", "-c", `echo "socket=$NOTIFY_SOCKET"; exec sleep 1000`)
	k.must(t, "^socket=$")
	hear := func(want string) {
		t.Helper()
		text := make([]byte, 4096)
		for {
			if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			n, err := conn.Read(text)
			if err != nil {
				t.Fatalf("no %s: %v", want, err)
			}
			if strings.Contains(string(text[:n]), want) {
				return
			}
		}
	}
	hear("READY=1")
	hear("WATCHDOG=1\nSTATUS=1 of 1 running")
	k.stop()
	hear("STOPPING=1")
}

// TestKernelOOM has the kernel kill a program in a memory cgroup.
func TestKernelOOM(t *testing.T) {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		t.Skip("there are no cgroups")
	}
	m := regexp.MustCompile(`(?m)^\d+:(?:.*,)?memory(?:,.*)?:(.*)$`).FindSubmatch(text)
	if m == nil {
		t.Skip("no cgroup of version 1 counts memory")
	}
	dir := filepath.Join("/sys/fs/cgroup/memory", string(m[1]), fmt.Sprintf("plumb-test-%d", os.Getpid()))
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Skipf("no cgroup can be made: %v", err)
	}
	defer os.Remove(dir)
	if err := os.WriteFile(filepath.Join(dir, "memory.limit_in_bytes"), []byte("150000000"), 0o600); err != nil {
		t.Skip(err)
	}
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("XDG_RUNTIME_DIR", "")
	out, err := exec.Command("sh", "-c", `echo $$ > "$0/cgroup.procs" && exec plumb run --metrics-address off --restart never -- node -e "$1"`,
		dir, "const kept = []; for (;;) kept.push(Buffer.alloc(1e7, 1))").CombinedOutput()
	if exitCode(err) != 137 || !strings.Contains(string(out), "killed by the kernel for want of memory") || !strings.Contains(string(out), "hint: set --max-memory") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestRunDiagnosis holds that a leak is named before the program is restarted.
func TestRunDiagnosis(t *testing.T) {
	if os.Getenv("PLUMB_NODES") == "" {
		t.Skip("it takes half a minute: set PLUMB_NODES")
	}
	k := newKept(t, "--name", "growing", "--metrics-address", "off", "--max-memory", "500M", "--capture-at", "30%", "--capture-warmup", "1s", "--", "node", script(t, `
		const cache = [];
		class Row { constructor(i) { this.i = i; this.text = 'row ' + i; } }
		setInterval(() => { for (let i = 0; i < 3000 && cache.length < 1.5e6; i++) cache.push(new Row(i + Math.random())); }, 50);`))
	id := k.must(t, `growing: something leaks; see plumb findings (\S+)$`)
	out, err := exec.Command("plumb", "findings", id).CombinedOutput()
	if exitCode(err) != 1 && err != nil || !strings.Contains(string(out), "cache") {
		t.Errorf("%v: %s", err, out)
	}
}
