//go:build unix

package cli

import (
	"bufio"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestTerminal runs a program at a terminal: it sees one in all three streams, also
// a new size and Ctrl-C.
func TestTerminal(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("XDG_RUNTIME_DIR", "")
	cmd := exec.Command("plumb", "run", "--name", "seen", "--metrics-address", "127.0.0.1:0", "--", "node", script(t, `
		const say = (what) => console.error([what, process.stdin.isTTY, process.stdout.isTTY, process.stderr.isTTY,
			process.stdout.columns, process.stdout.rows, process.stderr.columns, process.stderr.rows].join());
		say('begin');
		process.stderr.on('resize', () => say('resized'));
		process.on('SIGINT', () => { console.log('interrupted'); process.exit(6); });
		setInterval(() => {}, 1000);`))
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 100, Rows: 30})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	lines := make(chan string)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(terminal); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	seen := ""
	expect := func(want string) {
		t.Helper()
		timeout := time.After(time.Minute)
		for {
			select {
			case line, ok := <-lines:
				seen += line + "\n"
				if strings.Contains(line, want) {
					return
				}
				if !ok {
					t.Fatalf("no %q in %s", want, seen)
				}
			case <-timeout:
				_ = cmd.Process.Kill()
				t.Fatalf("no %q in %s", want, seen)
			}
		}
	}
	expect("begin,true,true,true,100,30,100,30")
	if err := pty.Setsize(terminal, &pty.Winsize{Cols: 80, Rows: 24}); err != nil {
		t.Fatal(err)
	}
	expect("resized,true,true,true,80,24,80,24")
	if out, err := exec.Command("plumb", "logs", "seen").CombinedOutput(); err != nil || !strings.Contains(string(out), "resized") {
		t.Errorf("%v: its logs are %s", err, out)
	}
	if _, err := terminal.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	expect("interrupted")
	for line := range lines {
		seen += line + "\n"
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 6 {
		t.Errorf("exit code %d: %s", code, seen)
	}
}
