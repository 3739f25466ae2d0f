//go:build unix

package supervise

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestReadyMessage holds that process.send('ready') is heard, and that a program
// which does not say it has failed.
func TestReadyMessage(t *testing.T) { eachNode(t, checkReadyMessage) }

func checkReadyMessage(t *testing.T) {
	app := nodeApp(t, "process.on('message', () => {}); process.send({ some: 'thing' }); process.send('x'.repeat(1e6)); process.send('ready')")
	app.Ready = Ready{Message: true, Timeout: patience}
	r := supervise(t, app)
	r.next(KindReady)
	if s := r.Status()[0].State; s != Running {
		t.Errorf("%s", s)
	}

	late := nodeApp(t, "setInterval(() => {}, 1000)")
	late.Name += "-late"
	late.Ready = Ready{Message: true, Timeout: 300 * time.Millisecond}
	r = supervise(t, late)
	if e := r.next(KindWarning); !strings.Contains(e.Text, "process.send('ready') did not come") {
		t.Errorf("%+v", e)
	}
	if e := r.next(KindEnded).Ended; e.Reason != NotReady {
		t.Errorf("%+v", e)
	}
}

// TestReadyURL holds that a program is ready when its URL answers well.
func TestReadyURL(t *testing.T) {
	var ready atomic.Bool
	asked := make(chan struct{}, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !ready.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		asked <- struct{}{}
	}))
	defer server.Close()
	app := command(t, "sleep", "1000")
	app.Ready = Ready{URL: server.URL, Timeout: patience}
	r := supervise(t, app)
	<-asked
	<-asked
	if s := r.Status()[0].State; s != Starting {
		t.Errorf("%s", s)
	}
	ready.Store(true)
	r.next(KindReady)
}

// TestShutdownMessage holds that a program can be asked as PM2 asks.
func TestShutdownMessage(t *testing.T) { eachNode(t, checkShutdownMessage) }

func checkShutdownMessage(t *testing.T) {
	app := nodeApp(t, "process.on('message', (m) => { console.log('got ' + m); process.exit(7) }); console.log('up')")
	app.Stop.Message, app.Stop.Timeout = true, patience
	r := supervise(t, app)
	waitFor(t, func() bool { return strings.Contains(r.out.String(), "up") })
	if err := r.Stop(t.Context(), app.Name); err != nil {
		t.Fatal(err)
	}
	if e := r.next(KindEnded).Ended; e.Reason != Stopped || e.Code != 7 {
		t.Errorf("%+v", e)
	}
}

// TestHealth holds that a program which does not answer is ended.
func TestHealth(t *testing.T) {
	var sick atomic.Bool
	asked := make(chan struct{}, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if sick.Load() {
			w.WriteHeader(http.StatusInternalServerError)
		}
		asked <- struct{}{}
	}))
	defer server.Close()
	app := command(t, "sleep", "1000")
	app.Health = Health{URL: server.URL, Interval: 10 * time.Millisecond, Timeout: patience, Failures: 3}
	r := supervise(t, app)
	for range 5 {
		<-asked
	}
	sick.Store(true)
	if e := r.next(KindWarning); !strings.Contains(e.Text, "failed 3 times in a row") || !strings.Contains(e.Text, "500") {
		t.Errorf("%+v", e)
	}
	if e := r.next(KindEnded).Ended; e.Reason != Unhealthy {
		t.Errorf("%+v", e)
	}
}

// TestCron restarts each second.
func TestCron(t *testing.T) {
	app := command(t, "sleep", "1000")
	app.Cron = "* * * * * *"
	r := supervise(t, app)
	for range 2 {
		if e := r.next(KindEnded).Ended; e.Reason != Cron {
			t.Errorf("%+v", e)
		}
	}
}

// TestWatch restarts when a source file changes, also in a folder that is new,
// and not for what is ignored.
func TestWatch(t *testing.T) {
	app := command(t, "sleep", "1000")
	app.Dir = t.TempDir()
	app.Watch = Watch{Paths: []string{"."}, Ignore: []string{"*.log", "tmp"}}
	write := func(path string) {
		t.Helper()
		path = filepath.Join(app.Dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("node_modules/a/index.js")
	write("tmp/a.js")
	r := supervise(t, app)
	r.next(KindReady)
	write("node_modules/a/index.js")
	write("tmp/a.js")
	write("out.log")
	write("src/app.js")
	if e := r.next(KindEnded).Ended; e.Reason != Changed {
		t.Errorf("%+v", e)
	}
	r.next(KindReady)
	write("src/app.js")
	if e := r.next(KindEnded).Ended; e.Reason != Changed {
		t.Errorf("%+v", e)
	}

	i := newInstance(r.Supervisor, app, 0, nil)
	for path, want := range map[string]bool{
		"src/app.js": false, "node_modules": true, ".git": true, "out.log": true, "src/deep/out.log": true, "tmp": true, "src/tmp": true, "tmpfile": false,
	} {
		if got := i.ignored(filepath.Join(app.Dir, path)); got != want {
			t.Errorf("%s: ignored %v", path, got)
		}
	}
}

// server is a program that answers with its process id after a while.
const server = `
	const http = require('http');
	http.createServer((q, r) => setTimeout(() => r.end(String(process.pid)), 20)).listen(Number(process.env.PORT || 0), '127.0.0.1', function () {
		console.log('listening on ' + this.address().port + '.');
	});`

// serverApp is a server whose instances overlap; it is ready when it listens.
func serverApp(t *testing.T, source string) App {
	app := nodeApp(t, source)
	app.Overlap = true
	app.Restart.MinUptime = patience
	return app
}

// port is where the server listens.
func (r *running) port() string {
	r.t.Helper()
	waitFor(r.t, func() bool { return strings.Contains(r.out.String(), ".\n") })
	_, rest, _ := strings.Cut(r.out.String(), "listening on ")
	port, _, _ := strings.Cut(rest, ".")
	return port
}

// TestShared holds that instances share a port, also one that the system picks, and
// that it stays when one of them is replaced.
func TestShared(t *testing.T) { eachNode(t, checkShared) }

func checkShared(t *testing.T) {
	app := serverApp(t, server)
	app.Instances = 2
	r := supervise(t, app)
	pids := map[string]bool{}
	for range 2 {
		pids[fmt.Sprint(r.next(KindReady).PID)] = true
	}
	url := "http://127.0.0.1:" + r.port()
	seen := map[string]bool{}
	waitFor(t, func() bool {
		seen[get(t, url)] = true
		return len(seen) == 2
	})
	for pid := range seen {
		if !pids[pid] {
			t.Errorf("process %s answers, of %v", pid, pids)
		}
	}
	if err := r.Reload(t.Context(), app.Name); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if pid := get(t, url); pids[pid] {
			t.Errorf("process %s answers after the reload", pid)
		}
	}
	if s := r.Status(); s[0].Restarts != 1 || s[1].Restarts != 1 || s[0].Reasons[Restarted] != 1 {
		t.Errorf("%+v", s)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
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

// TestFailedReload holds that the old process stays when the new one fails.
func TestFailedReload(t *testing.T) { eachNode(t, checkFailedReload) }

func checkFailedReload(t *testing.T) {
	marker := filepath.Join(t.TempDir(), "broken")
	app := serverApp(t, "if (require('fs').existsSync("+fmt.Sprintf("%q", marker)+")) throw new Error('broken');"+server)
	r := supervise(t, app)
	pid := r.next(KindReady).PID
	if err := os.WriteFile(marker, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.Reload(t.Context(), app.Name); err == nil || !strings.Contains(err.Error(), "Error: broken") {
		t.Errorf("%v", err)
	}
	if got := get(t, "http://127.0.0.1:"+r.port()); got != fmt.Sprint(pid) {
		t.Errorf("process %s answers, want %d", got, pid)
	}
	if s := r.Status()[0]; s.State != Running || s.PID != pid {
		t.Errorf("%+v", s)
	}
}

// TestPortTaken holds that a shared port which another program has is the
// program's own error.
func TestPortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	app := serverApp(t, server)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	app.Env = append(os.Environ(), "PORT="+port)
	r := supervise(t, app)
	if e := r.next(KindEnded).Ended; e.Reason != Exited || e.Code != 1 || !strings.Contains(e.Said, "EADDRINUSE") || e.Hint == "" {
		t.Errorf("%+v", e)
	}
}

// TestDrain holds that a request under way is answered before its process leaves,
// and that a connection is told to end.
func TestDrain(t *testing.T) { eachNode(t, checkDrain) }

func checkDrain(t *testing.T) {
	app := serverApp(t, `
		const http = require('http');
		http.createServer((q, r) => { console.log('request.'); process.once('SIGUSR2', () => r.end('done')); }).listen(0, '127.0.0.1', function () {
			console.log('listening on ' + this.address().port + '.');
		});`)
	app.Stop.Drain = patience
	r := supervise(t, app)
	pid := r.next(KindReady).PID
	answer := make(chan *http.Response, 1)
	go func() {
		resp, err := http.Get("http://127.0.0.1:" + r.port())
		if err != nil {
			t.Error(err)
		}
		answer <- resp
	}()
	waitFor(t, func() bool { return strings.Contains(r.out.String(), "request.") })
	reloaded := make(chan error, 1)
	go func() { reloaded <- r.Reload(t.Context(), app.Name) }()
	waitFor(t, func() bool { return r.Status()[0].State == Stopping })
	if err := syscall.Kill(pid, syscall.SIGUSR2); err != nil {
		t.Fatal(err)
	}
	resp := <-answer
	if err := <-reloaded; err != nil {
		t.Error(err)
	}
	if resp == nil {
		return
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || string(body) != "done" {
		t.Errorf("%q, %v", body, err)
	}
}

// TestSharedKinds holds that sockets of every kind are shared and outlast the
// process: the answers come from the next one on the same address.
func TestSharedKinds(t *testing.T) { eachNode(t, checkSharedKinds) }

func checkSharedKinds(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "s")
	app := serverApp(t, `
		const net = require('net'), dgram = require('dgram');
		const answer = (s) => s.end(String(process.pid));
		const udp = dgram.createSocket('udp4').on('message', (m, from) => udp.send(String(process.pid), from.port, from.address));
		const all = [
			new Promise((f) => net.createServer(answer).listen({ host: '::1', port: 0 }, function () { f(this.address().port); })),
			new Promise((f) => net.createServer(answer).listen(`+fmt.Sprintf("%q", path)+`, f)),
			new Promise((f) => udp.bind({ address: '127.0.0.1', port: 0 }, () => f(udp.address().port))),
			new Promise((f) => net.createServer(answer).listen({ host: '127.0.0.1', port: 0 }, function () { f(this.address().port); })),
		];
		Promise.all(all).then((a) => console.log('ports ' + a[0] + ' ' + a[2] + ' ' + a[3] + '.'));`)
	app.Stop.Drain = 100 * time.Millisecond // a UDP socket is never done
	r := supervise(t, app)
	first := r.next(KindReady).PID
	waitFor(t, func() bool { return strings.Contains(r.out.String(), ".\n") })
	var six, udp, four string
	if _, err := fmt.Sscanf(r.out.String(), "ports %s %s %s", &six, &udp, &four); err != nil {
		t.Fatal(err)
	}
	four = strings.TrimSuffix(four, ".")
	ask := func(network, address string) string {
		t.Helper()
		conn, err := net.Dial(network, address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		if network == "udp" {
			_, _ = conn.Write([]byte("?"))
		}
		text := make([]byte, 100)
		n, err := conn.Read(text)
		if err != nil {
			t.Fatalf("%s %s: %v", network, address, err)
		}
		return string(text[:n])
	}
	places := map[string]string{"[::1]:" + six: "tcp", path: "unix", "127.0.0.1:" + udp: "udp", "127.0.0.1:" + four: "tcp"}
	for address, network := range places {
		if got := ask(network, address); got != fmt.Sprint(first) {
			t.Errorf("%s: process %s answers, want %d", address, got, first)
		}
	}
	if err := r.Reload(t.Context(), app.Name); err != nil {
		t.Fatal(err)
	}
	second := r.Status()[0].PID
	for address, network := range places {
		if got := ask(network, address); got != fmt.Sprint(second) {
			t.Errorf("after the reload: %s: process %s answers, want %d", address, got, second)
		}
	}
}
