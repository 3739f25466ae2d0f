package cli

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestAttachKilled kills plumb while it takes the second snapshot: no finding
// appears, the program runs on, and the next plumb removes what was left.
func TestAttachKilled(t *testing.T) {
	ticks := filepath.Join(t.TempDir(), "ticks")
	p := newProgram(t, `
		const kept = [];
		setInterval(() => {
			for (let i = 0; i < 200 && kept.length < 2e6; i++) kept.push({ i });
			require('fs').appendFileSync(`+strconv.Quote(ticks)+`, '.');
		}, 5);
		console.log('ready');`)
	dir := filepath.Join(t.TempDir(), "findings")
	flags := []string{"attach", p.pid(), "--findings", dir, "--capture-at", "0.1%", "--capture-warmup", "0s", "--every", "50ms", "--timeout", "1m"}
	killWhen(t, "stands still", flags...)
	// Node.js 20 may crash while it writes a snapshot for one who is gone; it walks
	// its heap yet.
	for from, deadline := fileSize(t, ticks), time.Now().Add(time.Minute); fileSize(t, ticks) < from+10; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the program stands still for good")
		}
	}
	names := func() (all []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			all = append(all, e.Name())
		}
		return all
	}
	left := names()
	if len(left) != 1 || !strings.HasPrefix(left[0], ".stage-") {
		t.Fatalf("left behind: %v", left)
	}
	killWhen(t, "baseline taken", flags...)
	if after := names(); len(after) != 1 || after[0] == left[0] {
		t.Errorf("%v was left behind, after the next one: %v", left, after)
	}
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// TestAttachOutlives ends the program while plumb watches it: that is no failure.
func TestAttachOutlives(t *testing.T) {
	p := newProgram(t, "setInterval(() => {}, 1000); console.log('ready')")
	cmd := exec.Command("plumb", "attach", p.pid(), "--findings", t.TempDir(), "--capture-warmup", "1h")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := ""
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said += lines.Text() + "\n"
		if strings.Contains(said, "watching process") {
			p.stop()
		}
	}
	if err := cmd.Wait(); err != nil || !strings.Contains(said, "has ended without an alarm") {
		t.Errorf("%v: %s", err, said)
	}
}

// TestAttachMetrics attaches to a server that leaks with each request: its metrics
// have what each keeps, and stay until it has ended.
func TestAttachMetrics(t *testing.T) {
	p := newProgram(t, `
		const kept = [];
		const server = require('http').createServer((q, r) => {
			for (let i = 0; i < 100; i++) kept.push({ n: kept.length });
			r.end('ok');
		}).listen(0, '127.0.0.1', () => {
			setInterval(() => require('http').get(server.address(), (r) => r.resume()), 1);
			console.log('up');
		});`)
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := port.Addr().String()
	_ = port.Close()
	cmd := exec.Command("plumb", "attach", p.pid(), "--findings", t.TempDir(), "--capture-at", "0.1%", "--capture-warmup", "0s", "--every", "50ms",
		"--metrics-address", address, "--timeout", "1m")
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }() // it has ended, if all is well
	leaks := regexp.MustCompile(`plumb_leak_bytes_per_request\{app="app.js",variable="kept"\} (\S+)`)
	page := ""
	for deadline := time.Now().Add(time.Minute); !leaks.MatchString(page); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no leak is shown: %s\n%s", page, said.String())
		}
		page = body("http://" + address + "/metrics")
	}
	// An object with a number in it is 28 bytes or more, and there are 100.
	if bytes, err := strconv.ParseFloat(leaks.FindStringSubmatch(page)[1], 64); err != nil || bytes < 2000 || bytes > 20000 {
		t.Errorf("it keeps %v bytes of each request", bytes)
	}
	for _, want := range []string{`plumb_up{app="app.js",pid="` + p.pid() + `"} 1`, "plumb_last_snapshot_timestamp_seconds{"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
	p.stop()
	if code := exitCode(cmd.Wait()); code != 1 || !strings.Contains(said.String(), "its metrics go on at http://"+address) {
		t.Errorf("exit code %d: %s", code, said.String())
	}
}
