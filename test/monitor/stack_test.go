//go:build conformance

package monitor

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// stack is a Prometheus and an Alertmanager that run.
type stack struct {
	name         string
	prometheus   string // http://host:port
	alertmanager string
	notices      *notices
	amtool       string // of the stack's version; "" for Debian's
	dir          string // its files
}

// build makes plumb's binaries, and the amtool of the Alertmanager that is inside.
func build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	version, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Version}}", "github.com/prometheus/alertmanager").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"build", "-o", dir, "../../cmd/..."},
		{"install", "github.com/prometheus/alertmanager/cmd/amtool@" + strings.TrimSpace(string(version))},
	} {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOBIN="+dir)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
	}
	return dir
}

// startPlumb starts plumb monitor; more goes below its prometheus.yml.
func startPlumb(t *testing.T, bin, target, more string) *stack {
	n, hooks, mails := startReceivers(t)
	address := free(t)
	dir := files(t, map[string]string{"TARGET": target, "ALERTMANAGER": address, "HOOKS": hooks, "MAIL": mails}, more)
	run(t, filepath.Join(bin, "plumb"), "monitor", "--config.file="+dir+"/prometheus.yml",
		"--alertmanager.config.file="+dir+"/alertmanager.yml", "--alertmanager=embedded",
		"--storage.tsdb.path="+dir+"/data", "--web.listen-address="+address)
	s := &stack{name: "plumb", prometheus: "http://" + address, alertmanager: "http://" + address, notices: n, dir: dir, amtool: filepath.Join(bin, "amtool")}
	s.ready(t)
	return s
}

// startDebian starts the two programs of Debian's packages.
func startDebian(t *testing.T, target string, flags ...string) *stack {
	n, hooks, mails := startReceivers(t)
	address, alerts := free(t), free(t)
	dir := files(t, map[string]string{"TARGET": target, "ALERTMANAGER": alerts, "HOOKS": hooks, "MAIL": mails}, "")
	run(t, "prometheus-alertmanager", "--config.file="+dir+"/alertmanager.yml", "--storage.path="+dir+"/alerts",
		"--web.listen-address="+alerts, "--cluster.listen-address=")
	run(t, "prometheus", append(flags, "--config.file="+dir+"/prometheus.yml", "--storage.tsdb.path="+dir+"/data", "--web.listen-address="+address)...)
	s := &stack{name: "debian", prometheus: "http://" + address, alertmanager: "http://" + alerts, notices: n, dir: dir}
	s.ready(t)
	return s
}

// files writes the stack's configuration with its own addresses.
func files(t *testing.T, addresses map[string]string, more string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"prometheus.yml", "rules.yml", "alertmanager.yml"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "prometheus.yml" {
			text = append(text, more...)
		}
		for word, address := range addresses {
			text = []byte(strings.ReplaceAll(string(text), word, address))
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// free is an address that nobody listens at.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// run starts a program that ends with the test.
func run(t *testing.T, name string, args ...string) {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), name, args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("%s said\n%s", name, text)
		}
		_ = log.Close()
	})
}

// ready waits until both halves of a stack serve.
func (s *stack) ready(t *testing.T) {
	t.Helper()
	for _, url := range []string{s.prometheus + "/-/ready", s.alertmanager + "/-/ready"} {
		wait(t, s.name+" is ready", func() bool {
			response, err := http.Get(url)
			if err != nil {
				return false
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			return response.StatusCode == http.StatusOK
		})
	}
}

// wait waits for what another program does.
func wait(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}
