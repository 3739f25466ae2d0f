package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets a test run plumb-server as a program of its own: the test binary
// under another name.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"plumb-server": main}) }

// patience is for a loaded machine, and for the tutorial at its own pace. Nothing is
// judged by the time it takes.
func patience() time.Duration {
	if os.Getenv("PLUMB_TUTORIAL") != "" {
		return 15 * time.Minute
	}
	return 2 * time.Minute
}

// server is a plumb monitor that runs.
type server struct {
	t   *testing.T
	url string // of Prometheus' and Alertmanager's APIs
	cmd *exec.Cmd
	err *output

	summary struct {
		URL      string
		Embedded []string `json:"embeddedAlertmanager"`
		External []string `json:"externalAlertmanagers"`
	}
	waited bool
}

// output is what a program has printed so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// command is plumb-server, not started.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("plumb-server", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, ".state"), "NO_COLOR=1")
	return cmd
}

// refuses runs a plumb monitor that should not start, and returns what it says.
func refuses(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd, out := command(t, dir, append([]string{"monitor"}, args...)...), &output{}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(patience(), func() { _ = cmd.Process.Kill() }).Stop()
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("plumb monitor %s ends with %v", strings.Join(args, " "), err)
	}
	return out.String()
}

// start starts plumb monitor in a folder, at a free port, and returns when it is
// ready.
func start(t *testing.T, dir string, args ...string) *server {
	t.Helper()
	return startWith(t, dir, nil, args...)
}

// startWith is start with more environment.
func startWith(t *testing.T, dir string, env []string, args ...string) *server {
	t.Helper()
	if !strings.Contains(strings.Join(args, " "), "--web.listen-address") {
		args = append(args, "--web.listen-address=127.0.0.1:0")
	}
	cmd := command(t, dir, append([]string{"monitor", "--json"}, args...)...)
	cmd.Env = append(cmd.Env, env...)
	return startCommand(t, cmd)
}

// startCommand returns when what cmd starts is ready.
func startCommand(t *testing.T, cmd *exec.Cmd) *server {
	t.Helper()
	s := &server{t: t, err: &output{}, cmd: cmd}
	s.cmd.Stderr = s.err
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if !s.waited {
			s.stop()
		}
		if t.Failed() {
			text := s.err.String()
			t.Logf("%s wrote\n%s", strings.Join(cmd.Args, " "), text[max(0, len(text)-4000):])
		}
	})
	if err := json.NewDecoder(bufio.NewReader(out)).Decode(&s.summary); err != nil {
		t.Fatalf("plumb monitor did not get ready: %v\n%s", err, s.err)
	}
	go io.Copy(io.Discard, out)
	s.url = s.summary.URL
	return s
}

// stop ends it as a service manager does, and wants it to end well.
func (s *server) stop() {
	s.t.Helper()
	s.waited = true
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("plumb monitor ended with %v\n%s", err, s.err)
	}
}

// kill ends it as the kernel does.
func (s *server) kill() {
	s.t.Helper()
	s.waited = true
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// says waits until it has told people something.
func (s *server) says(text string) {
	s.t.Helper()
	eventually(s.t, "say "+text, func() error {
		if !strings.Contains(s.err.String(), text) {
			return errors.New("it does not")
		}
		return nil
	})
}

// get asks a page, which must be there, and returns its text.
func (s *server) get(path string) string {
	s.t.Helper()
	code, text := s.ask(http.MethodGet, path, "")
	if code != http.StatusOK {
		s.t.Fatalf("GET %s: %d: %s", path, code, text)
	}
	return text
}

func (s *server) ask(method, path, body string) (code int, text string) {
	s.t.Helper()
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	all, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, string(all)
}

// eventually waits until check finds nothing wrong.
func eventually(t *testing.T, what string, check func() error) {
	t.Helper()
	deadline := time.Now().Add(patience())
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %v", what, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// query waits until a query has a result, and returns its first value.
func (s *server) query(expression string) (value string) {
	s.t.Helper()
	eventually(s.t, expression, func() error {
		var err error
		value, err = s.queryOnce(expression)
		return err
	})
	return value
}

var errEmpty = errors.New("no result")

func (s *server) queryOnce(expression string) (string, error) {
	s.t.Helper()
	code, text := s.ask(http.MethodGet, "/api/v1/query?query="+url.QueryEscape(expression), "")
	var answer struct {
		Data struct{ Result []struct{ Value [2]any } }
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		return "", fmt.Errorf("%d: %s", code, text)
	}
	if len(answer.Data.Result) == 0 {
		return "", errEmpty
	}
	return fmt.Sprint(answer.Data.Result[0].Value[1]), nil
}

// write puts files into a folder: name, text, name, text.
func write(t *testing.T, dir string, files ...string) {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// freeAddress is an address of this machine where nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func readFile(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func readAll(t *testing.T, r io.Reader) string {
	t.Helper()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
