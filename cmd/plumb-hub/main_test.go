package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/ledger"
)

// TestMain lets a test run these as programs of their own: the test binary under
// other names.
func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){"plumb-hub": main, "fleet-agent": agentMain, "nats-node": natsMain})
}

// tests are all tests, after which what they shared is removed.
type tests struct{ *testing.M }

func (t tests) Run() int {
	defer func() {
		if taken != "" {
			_ = os.RemoveAll(taken)
		}
	}()
	return t.M.Run()
}

// patience is for a loaded machine. Nothing is judged by the time it takes.
const patience = 3 * time.Minute

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

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() error) {
	t.Helper()
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if err = holds(); err == nil {
			return
		}
	}
	t.Fatalf("%s: %v", what, err)
}

// process is a program that runs.
type process struct {
	t    *testing.T
	name string
	cmd  *exec.Cmd
	said *output
}

// start starts a program, which ends with the test.
func start(t *testing.T, dir, name string, args ...string) *process {
	t.Helper()
	p := &process{t: t, name: name, said: &output{}, cmd: exec.Command(name, args...)}
	p.cmd.Dir = dir
	p.cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, ".state"), "NO_COLOR=1")
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		timer := time.AfterFunc(20*time.Second, func() { _ = p.cmd.Process.Kill() })
		_ = p.cmd.Wait()
		timer.Stop()
		if t.Failed() {
			t.Logf("%s %s\n%s", name, strings.Join(args, " "), p.said)
		}
	})
	return p
}

// says waits until the program has printed a text.
func (p *process) says(text string) {
	p.t.Helper()
	eventually(p.t, p.name, func() error {
		if !strings.Contains(p.said.String(), text) {
			return fmt.Errorf("it does not say %q", text)
		}
		return nil
	})
}

func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	_ = p.cmd.Wait()
}

// freeAddress is one at which nobody listens now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// startHub starts a hub at an address, whose folder is in dir.
func startHub(t *testing.T, dir, address string, args ...string) *process {
	t.Helper()
	p := start(t, dir, "plumb-hub", append([]string{"hub", "--listen", address, "--pages", "127.0.0.1:0"}, args...)...)
	p.says("The hub is at")
	return p
}

// startAnalyst starts one, which reaches the hub by a URL.
func startAnalyst(t *testing.T, dir, url string, args ...string) *process {
	t.Helper()
	p := start(t, dir, "plumb-hub", append([]string{"analyze", "--hub", url}, args...)...)
	p.says("Analysing as")
	return p
}

// token makes a token of the hub in dir.
func token(t *testing.T, dir, name, role string) fleet.Token {
	t.Helper()
	cmd := exec.Command("plumb-hub", "hub", "token", name, "--role", role)
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, ".state"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	made, err := fleet.ParseToken(string(out))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// local is the token that a hub leaves for its user.
func local(t *testing.T, dir, address string) fleet.Token {
	t.Helper()
	_, port, _ := strings.Cut(address, ":")
	text, err := os.ReadFile(filepath.Join(dir, ".state", "plumb", "run", port+".token"))
	if err != nil {
		t.Fatal(err)
	}
	made, err := fleet.ParseToken(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// connect connects a test to a hub.
func connect(t *testing.T, url string, token fleet.Token) jetstream.JetStream {
	t.Helper()
	conn, err := fleet.Link{URL: url, Token: token}.Dial("test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// results are all that there are, by case. One that is there twice is a failure.
func results(t *testing.T, js jetstream.JetStream) (map[string]*fleet.Result, error) {
	t.Helper()
	all := map[string]*fleet.Result{}
	stream, err := js.Stream(t.Context(), fleet.ResultsStream)
	if err != nil {
		return nil, err
	}
	info, err := stream.Info(t.Context(), jetstream.WithSubjectFilter(">"))
	if err != nil {
		return nil, err
	}
	for n := info.State.FirstSeq; n <= info.State.LastSeq; n++ {
		m, err := stream.GetMsg(t.Context(), n)
		if err != nil {
			return nil, err
		}
		r := &fleet.Result{}
		if err := json.Unmarshal(m.Data, r); err != nil {
			t.Fatal(err)
		}
		if all[r.Case.ID] != nil {
			t.Fatalf("the case %s has two results", r.Case.ID)
		}
		all[r.Case.ID] = r
	}
	return all, nil
}

// wantResults waits until there are so many results, and nothing is left to do.
func wantResults(t *testing.T, js jetstream.JetStream, n int) (all map[string]*fleet.Result) {
	t.Helper()
	eventually(t, "results", func() (err error) {
		if all, err = results(t, js); err == nil && len(all) != n {
			err = fmt.Errorf("there are %d, want %d", len(all), n)
		}
		return err
	})
	eventually(t, "an empty queue", func() error {
		stream, err := js.Stream(t.Context(), fleet.JobsStream)
		if err == nil && stream.CachedInfo().State.Msgs > 0 {
			err = fmt.Errorf("%d cases are in it", stream.CachedInfo().State.Msgs)
		}
		return err
	})
	if len(all) != n {
		t.Fatalf("%d results, want %d", len(all), n)
	}
	return all
}

// findings are those of all results.
func findings(t *testing.T, js jetstream.JetStream) []ledger.Finding {
	t.Helper()
	l, err := ledger.Read(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	return l.Findings()
}

// page is what a page of a hub says.
func page(t *testing.T, hub *process, path string) string {
	t.Helper()
	_, rest, _ := strings.Cut(hub.said.String(), "pages   ")
	base, _, _ := strings.Cut(rest, "/metrics")
	response, err := http.Get(base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
