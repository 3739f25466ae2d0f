//go:build unix

package metrics

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// running is a program that somebody else has started.
type running struct {
	*exec.Cmd
	port string // where SIGUSR1 opens its inspector: 9229 may be taken by others
}

func runScript(t *testing.T, source string) *running {
	t.Helper()
	script := filepath.Join(t.TempDir(), "shop.js")
	if err := os.WriteFile(script, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &running{port: freePort(t)}
	r.Cmd = exec.Command(anyNode(t), "--inspect-port="+r.port, script)
	out, err := r.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.stop)
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *running) stop() {
	_ = r.Process.Kill()
	_ = r.Wait()
}

// inspected tells whether its inspector is open.
func (r *running) inspected() bool {
	conn, err := net.Dial("tcp", "127.0.0.1:"+r.port)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

func (r *running) label() map[string]string {
	return map[string]string{"pid": strconv.Itoa(r.Process.Pid), "app": "shop.js"}
}

// runExporter runs an exporter that is quick, until the test ends or it ends
// itself.
func runExporter(t *testing.T, attaching time.Duration, options ExporterOptions) (*Exporter, <-chan string, <-chan error) {
	t.Helper()
	notices := make(chan string, 100)
	options.Notice = func(text string) { notices <- text }
	e, err := NewExporter(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	e.attaching = attaching
	e.look, e.pause, e.patience = 10*time.Millisecond, time.Millisecond, time.Minute
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		ended <- e.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-stopped })
	return e, notices, ended
}

func isUp(t *testing.T, e *Exporter, r *running) bool {
	t.Helper()
	found := find(scrape(t, e.Collector)["plumb_up"], r.label())
	return len(found) == 1 && found[0].Gauge.GetValue() == 1
}

func TestExporter(t *testing.T) {
	one, other := runScript(t, resting), runScript(t, resting)
	e, _, ended := runExporter(t, time.Minute, ExporterOptions{PIDs: []int{one.Process.Pid, other.Process.Pid}})
	until(t, "both have a probe", func() bool { return isUp(t, e, one) && isUp(t, e, other) })
	until(t, "their inspectors are closed", func() bool { return !one.inspected() && !other.inspected() })

	w := httptest.NewRecorder()
	e.Discovery(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1:9465/sd", nil))
	var groups []group
	if err := json.Unmarshal(w.Body.Bytes(), &groups); err != nil {
		t.Fatal(err)
	}
	if len(groups) != 2 || groups[0].Targets[0] != "127.0.0.1:9465" || groups[0].Labels["__param_pid"] == groups[1].Labels["__param_pid"] {
		t.Errorf("discovered: %s", w.Body)
	}

	other.stop()
	until(t, "the ended one is gone", func() bool { return e.Programs() == 1 })
	if len(find(scrape(t, e.Collector)["process_cpu_seconds_total"], nil)) != 1 {
		t.Error("the ended one is shown")
	}
	one.stop()
	if err := <-ended; !errors.Is(err, ErrAllEnded) {
		t.Errorf("with the last one ended: %v", err)
	}
}

const resting = "setInterval(() => {}, 1000); console.log('ready')"

// TestExporterFindsPrograms has programs come and go, and leaves alone what does
// not match.
func TestExporterFindsPrograms(t *testing.T) {
	first := runScript(t, resting)
	match := regexp.MustCompile(regexp.QuoteMeta(filepath.Dir(first.Args[2])))
	e, _, _ := runExporter(t, time.Minute, ExporterOptions{Match: match, Passive: true})
	until(t, "the first one is old enough and shown", func() bool { return e.Programs() == 1 })
	if found := scrape(t, e.Collector)["process_cpu_seconds_total"]; len(found.GetMetric()) != 1 || len(find(found, first.label())) != 1 {
		t.Errorf("shown: %v", found)
	}
	if first.inspected() {
		t.Error("a passive exporter has opened the inspector")
	}
	first.stop()
	until(t, "it is gone", func() bool { return e.Programs() == 0 })
}

// TestExporterTakesProbesBack ends an exporter, and starts another one.
func TestExporterTakesProbesBack(t *testing.T) {
	r := runScript(t, resting)
	for range 2 {
		ctx, cancel := context.WithCancel(context.Background())
		e, err := NewExporter(ctx, ExporterOptions{PIDs: []int{r.Process.Pid}})
		if err != nil {
			t.Fatal(err)
		}
		e.patience = time.Minute
		ended := make(chan error, 1)
		go func() { ended <- e.Run(ctx) }()
		until(t, "it has a probe", func() bool { return isUp(t, e, r) })
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if r.inspected() {
			t.Error("its inspector is open")
		}
	}
}

// TestExporterBusy meets a program that is too busy to be entered. It gets its
// probe later, and the inspector that has opened meanwhile is closed.
func TestExporterBusy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "go-on")
	r := runScript(t, `const fs = require('fs');
		setTimeout(() => { while (!fs.existsSync(`+strconv.Quote(file)+`)); }, 100);
		setInterval(() => {}, 1000); console.log('ready')`)
	until(t, "it is busy", func() bool {
		u, err := newSystem(r.Process.Pid).read()
		return err == nil && u.User+u.System > 0.5
	})
	e, notices, _ := runExporter(t, time.Second, ExporterOptions{PIDs: []int{r.Process.Pid}})
	if notice := <-notices; !strings.Contains(notice, "shown is what the system tells") {
		t.Errorf("notice %q", notice)
	}
	families := scrape(t, e.Collector)
	if value(t, families, "plumb_up", r.label()) != 0 || value(t, families, "process_cpu_seconds_total", r.label()) == 0 {
		t.Error("a program without a probe is not shown as such")
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	until(t, "it has a probe", func() bool { return isUp(t, e, r) })
	until(t, "its inspector is closed", func() bool { return !r.inspected() })
}
