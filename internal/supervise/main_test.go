package supervise

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// running is a supervisor in a test, with what it reports.
type running struct {
	*Supervisor
	t      *testing.T
	events chan Event
	cancel context.CancelFunc
	ended  chan error
	out    *lines
}

// lines is the output of all lives.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// patience is how long a test waits for what must come.
const patience = time.Minute

// supervise runs apps until the test ends, and holds that nothing is left then.
func supervise(t *testing.T, apps ...App) *running {
	t.Helper()
	return superviseWith(t, Options{}, apps...)
}

func superviseWith(t *testing.T, opts Options, apps ...App) *running {
	t.Helper()
	r := &running{t: t, events: make(chan Event, 10000), ended: make(chan error, 1), out: &lines{}}
	var err error
	opts.Notify = func(e Event) { r.events <- e }
	opts.Output = func(string, int) (io.Writer, io.Writer) { return r.out, r.out }
	r.Supervisor, err = New(apps, opts)
	if err != nil {
		t.Fatal(err)
	}
	var ctx context.Context
	ctx, r.cancel = context.WithCancel(context.Background())
	go func() { r.ended <- r.Run(ctx) }()
	t.Cleanup(func() {
		r.cancel()
		r.wait()
		if left := tree.Find(r.Mark()); len(left) > 0 {
			t.Errorf("left behind: %d", left)
		}
		if t.Failed() {
			t.Logf("output: %s", r.out)
		}
	})
	return r
}

// wait waits for the end of all.
func (r *running) wait() {
	r.t.Helper()
	select {
	case err := <-r.ended:
		if err != nil {
			r.t.Error(err)
		}
		r.ended <- err
	case <-time.After(patience):
		r.t.Fatal("the supervisor does not end")
	}
}

// next waits for an event of a kind.
func (r *running) next(kind Kind) Event {
	r.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case e := <-r.events:
			if e.Kind == kind {
				return e
			}
		case <-timeout:
			r.t.Fatalf("no event %q; status %+v; output: %s", kind, r.Status(), r.out)
		}
	}
}

// eachNode runs a test with the Node.js on the PATH, or with each binary in
// PLUMB_NODES.
func eachNode(t *testing.T, test func(t *testing.T)) {
	list := filepath.SplitList(os.Getenv("PLUMB_NODES"))
	if len(list) == 0 {
		test(t)
		return
	}
	for _, bin := range list {
		out, err := exec.Command(bin, "--version").Output()
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSpace(string(out)), func(t *testing.T) {
			t.Setenv("PATH", filepath.Dir(bin)+string(os.PathListSeparator)+os.Getenv("PATH"))
			test(t)
		})
	}
}

// nodeApp is an app of its own name with a program for node.
func nodeApp(t *testing.T, source string, flags ...string) App {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	script := filepath.Join(t.TempDir(), "app.js")
	if err := os.WriteFile(script, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	return command(t, append(append([]string{node}, flags...), script)...)
}

// command is an app of its own name that is not started again.
func command(t *testing.T, args ...string) App {
	app := Defaults()
	app.Name = strings.ReplaceAll(t.Name(), "/", "-")
	app.Args = args
	app.Restart = Policy{When: Never, MinUptime: 10 * time.Millisecond, MaxRestarts: 3}
	return app
}
