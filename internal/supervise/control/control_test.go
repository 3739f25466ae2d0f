package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/internal/supervise"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestClaim holds that a name has one owner, and that what is left of one that was
// killed is found.
func TestClaim(t *testing.T) {
	folder := t.TempDir()
	first, err := Take(folder, "api")
	if err != nil || first.Left != nil {
		t.Fatalf("%+v, %v", first, err)
	}
	if err := first.Write(State{App: "api", PID: 4711, Mark: "A=B"}); err != nil {
		t.Fatal(err)
	}
	if _, err := Take(folder, "api"); !errors.Is(err, ErrTaken) || !strings.Contains(err.Error(), "process 4711") {
		t.Errorf("taken twice: %v", err)
	}
	other, err := Take(folder, "web")
	if err != nil {
		t.Fatal(err)
	}
	other.Release()
	_ = first.lock.Close() // as the kernel does it at a kill

	second, err := Take(folder, "api")
	if err != nil || second.Left == nil || second.Left.PID != 4711 || second.Left.Mark != "A=B" {
		t.Fatalf("%+v, %v", second, err)
	}
	second.Release()
	third, err := Take(folder, "api")
	if err != nil || third.Left != nil {
		t.Errorf("after an orderly end: %+v, %v", third, err)
	}
	third.Release()

	// A full disk leaves half a file: the name is free all the same.
	if err := os.WriteFile(filepath.Join(folder, "api.json"), []byte(`{"app": "a`), 0o600); err != nil {
		t.Fatal(err)
	}
	fourth, err := Take(folder, "api")
	if err != nil || fourth.Left != nil {
		t.Errorf("with half a state: %+v, %v", fourth, err)
	}
	fourth.Release()
}

// fake answers as a supervisor does.
type fake struct{ asked []string }

func (f *fake) Connection(app string, _ int) (supervise.Connection, error) {
	return supervise.Connection{}, fmt.Errorf("%s: %w", app, supervise.ErrNotConnected)
}

func (f *fake) Status() []supervise.Status {
	return []supervise.Status{{App: "api", State: supervise.Running, PID: 7}}
}

func (f *fake) do(verb, app string) error {
	f.asked = append(f.asked, verb+" "+app)
	if app != "api" {
		return fmt.Errorf("%s: %w", app, supervise.ErrNoApp)
	}
	return nil
}
func (f *fake) Restart(_ context.Context, app string) error { return f.do("restart", app) }
func (f *fake) Reload(_ context.Context, app string) error  { return f.do("reload", app) }
func (f *fake) Stop(_ context.Context, app string) error    { return f.do("stop", app) }

// TestAsk goes through all that a client can ask.
func TestAsk(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("XDG_RUNTIME_DIR", "")
	apps := &fake{}
	logs := func(ctx context.Context, w io.Writer, app string, lines int, follow bool) error {
		fmt.Fprintf(w, "%d lines of %s\n", lines, app)
		if follow {
			<-ctx.Done()
		}
		return nil
	}
	server, err := Listen(apps, logs)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(server.Socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	folder, err := Folder()
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
	claim, err := Take(folder, "api")
	if err != nil {
		t.Fatal(err)
	}
	if err := claim.Write(State{App: "api", Socket: server.Socket}); err != nil {
		t.Fatal(err)
	}
	if _, err := Dial("web"); !errors.Is(err, ErrNotRunning) {
		t.Errorf("%v", err)
	}
	c, err := Dial("api")
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if list, err := c.Status(ctx); err != nil || len(list) != 1 || list[0].PID != 7 {
		t.Errorf("%+v, %v", list, err)
	}
	for _, verb := range []string{"restart", "reload", "stop"} {
		if list, err := c.Do(ctx, verb, "api"); err != nil || len(list) != 1 {
			t.Errorf("%s: %+v, %v", verb, list, err)
		}
	}
	if _, err := c.Do(ctx, "stop", "web"); err == nil || !strings.Contains(err.Error(), "web: no such app") {
		t.Errorf("%v", err)
	}
	var refused *Failure
	if _, err := c.Collect(ctx, "api", 0); !errors.As(err, &refused) || !strings.Contains(refused.Text, "api: it cannot be asked") {
		t.Errorf("%v", err)
	}
	if _, err := c.Capture(ctx, "api", 0, "/nowhere/x.heapsnapshot", ""); !errors.As(err, &refused) {
		t.Errorf("%v", err)
	}
	if got := strings.Join(apps.asked, ", "); got != "restart api, reload api, stop api, stop web" {
		t.Errorf("asked to %s", got)
	}
	var text strings.Builder
	if err := c.Logs(ctx, &text, "api", 5, false); err != nil || text.String() != "5 lines of api\n" {
		t.Errorf("%q, %v", text.String(), err)
	}
	// The end of the server ends who follows its logs.
	r, w := io.Pipe()
	followed := make(chan error, 1)
	go func() { followed <- errors.Join(c.Logs(ctx, w, "api", 1, true), w.Close()) }()
	if _, err := r.Read(make([]byte, 100)); err != nil {
		t.Error(err)
	}
	go func() { _, _ = io.Copy(io.Discard, r) }()
	server.Close()
	if err := <-followed; err != nil {
		t.Error(err)
	}
	if list, err := All(); err != nil || len(list) != 0 {
		t.Errorf("a server that has ended answers: %v, %v", list, err)
	}

	taken, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	if err := Free(taken, "api"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	claim.Release()
	if err := Free(ctx, "api"); err != nil {
		t.Error(err)
	}
}
