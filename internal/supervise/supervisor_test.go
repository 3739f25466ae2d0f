package supervise

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// TestEnds runs programs that end, each in its way.
func TestEnds(t *testing.T) { eachNode(t, checkEnds) }

func checkEnds(t *testing.T) {
	for name, c := range map[string]struct {
		app    func(t *testing.T) App
		reason Reason
		code   int // as a shell has it
		said   string
	}{
		"exit":   {func(t *testing.T) App { return command(t, "sh", "-c", "echo first; echo Error: last >&2; exit 3") }, Exited, 3, "Error: last"},
		"signal": {func(t *testing.T) App { return command(t, "sh", "-c", "kill -SEGV $$") }, Signalled, 139, ""},
		"heap": {func(t *testing.T) App {
			return nodeApp(t, "const kept = []; for (;;) kept.push(new Array(1e4).fill({}))", "--max-old-space-size=20")
		}, HeapOOM, 134, "heap out of memory"},
		"worker": {func(t *testing.T) App {
			return nodeApp(t, `new (require('worker_threads').Worker)('const kept = []; for (;;) kept.push(new Array(1e4).fill({}))', { eval: true, resourceLimits: { maxOldGenerationSizeMb: 20 } })`)
		}, HeapOOM, 1, "ERR_WORKER_OUT_OF_MEMORY"},
		"port": {func(t *testing.T) App {
			return nodeApp(t, "const net = require('net'); const s = net.createServer().listen(0, () => net.createServer().listen(s.address().port))")
		}, Exited, 1, "EADDRINUSE"},
	} {
		t.Run(name, func(t *testing.T) {
			r := supervise(t, c.app(t))
			e := r.next(KindEnded).Ended
			if e.Reason != c.reason || e.ExitCode() != c.code || !strings.Contains(e.Said, c.said) {
				t.Errorf("%+v", e)
			}
			r.next(KindDone)
			r.wait()
			if s := r.Status()[0]; s.State != Ending || s.Last.Reason != c.reason || s.Reasons[c.reason] != 1 || s.PID != 0 {
				t.Errorf("status %+v", s)
			}
		})
	}
}

// TestMemoryLimit holds that a limit ends a program whose event loop is blocked.
func TestMemoryLimit(t *testing.T) {
	app := nodeApp(t, "const kept = []; for (;;) { if (kept.length < 40) kept.push(Buffer.alloc(5e6, 1)); }")
	app.Memory = Memory{RSS: Limit{Bytes: 120 << 20}, Interval: 10 * time.Millisecond, Samples: 3}
	r := supervise(t, app)
	if e := r.next(KindStopping); e.Reason != MemoryLimit {
		t.Errorf("%+v", e)
	}
	if e := r.next(KindEnded).Ended; e.Reason != MemoryLimit || e.RSS <= 120<<20 || e.Signal != "SIGTERM" {
		t.Errorf("%+v", e)
	}
}

// TestTightLimit holds that a limit below what an idle program takes is said, and
// ends in a crash loop instead of restarts without end.
func TestTightLimit(t *testing.T) {
	app := nodeApp(t, "setInterval(() => {}, 1000)")
	app.Memory = Memory{RSS: Limit{Bytes: 10 << 20}, Interval: 10 * time.Millisecond, Samples: 2}
	app.Restart = Policy{When: Always, MinUptime: time.Minute, MaxRestarts: 2}
	r := supervise(t, app)
	if e := r.next(KindWarning); !strings.Contains(e.Text, "again and again") || !strings.Contains(e.Hint, "--max-memory") {
		t.Errorf("%+v", e)
	}
	r.next(KindGaveUp)
	r.wait()
	if s := r.Status()[0]; s.State != CrashLoop || s.Restarts != 2 || s.Reasons[MemoryLimit] != 3 {
		t.Errorf("%+v", s)
	}
}

// TestTreeCounts holds that what a program has started counts too.
func TestTreeCounts(t *testing.T) {
	hog := nodeApp(t, "globalThis.kept = Buffer.alloc(150e6, 1); setInterval(() => {}, 1000)")
	app := command(t, "sh", "-c", `"$0" "$1" & wait`, hog.Args[0], hog.Args[1])
	app.Memory = Memory{RSS: Limit{Bytes: 150e6}, Interval: 10 * time.Millisecond, Samples: 2}
	r := supervise(t, app)
	if e := r.next(KindEnded).Ended; e.Reason != MemoryLimit {
		t.Errorf("%+v", e)
	}
}

// TestHeapLimit holds that the heap is limited also while RSS is not.
func TestHeapLimit(t *testing.T) { eachNode(t, checkHeapLimit) }

func checkHeapLimit(t *testing.T) {
	app := nodeApp(t, "const kept = []; setInterval(() => { if (kept.length < 300) kept.push(new Array(1e5).fill(1)) }, 1)", "--max-old-space-size=500")
	app.Memory.Heap = Limit{Share: 0.2}
	app.Memory.Interval, app.Memory.Samples = 20*time.Millisecond, 2
	r := supervise(t, app)
	if e := r.next(KindEnded).Ended; e.Reason != HeapLimit {
		t.Errorf("%+v", e)
	}
	if strings.Contains(r.out.String(), "Debugger") {
		t.Errorf("the inspector speaks: %s", r.out)
	}
}

// TestNothingIsLeft holds that the end of a program is the end of what it has
// started: in another session, deaf, without a parent.
func TestNothingIsLeft(t *testing.T) {
	if _, err := os.Stat("/proc/self/task"); err != nil {
		t.Skip("only Linux knows orphans")
	}
	for name, script := range map[string]string{
		"stopped": `setsid sh -c "trap '' TERM; echo deaf; while :; do sleep 1; done" & wait`,
		"ended":   `(setsid sh -c "trap '' TERM; echo deaf; while :; do sleep 1; done" &); read line`,
	} {
		t.Run(name, func(t *testing.T) {
			app := command(t, "sh", "-c", script)
			app.Stop.Timeout = 200 * time.Millisecond
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			defer r.Close()
			s := superviseWith(t, Options{Stdin: r}, app)
			waitFor(t, func() bool { return strings.Contains(s.out.String(), "deaf") })
			if name == "ended" {
				_, _ = w.WriteString("\n")
			} else if err := s.Stop(t.Context(), app.Name); err != nil {
				t.Fatal(err)
			}
			s.next(KindEnded)
			s.wait()
			if left := tree.Find(s.Mark()); len(left) > 0 {
				t.Errorf("left: %d", left)
			}
		})
	}
}

// waitFor waits for what another process does.
func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not happen")
		}
	}
}

// TestStubborn holds that a program which ignores its signal is killed.
func TestStubborn(t *testing.T) {
	app := nodeApp(t, "process.on('SIGINT', () => console.log('no')); console.log('up'); setInterval(() => {}, 1000)")
	app.Stop.Signal, app.Stop.Timeout = syscall.SIGINT, 300*time.Millisecond
	r := supervise(t, app)
	waitFor(t, func() bool { return strings.Contains(r.out.String(), "up") })
	if err := r.Stop(t.Context(), app.Name); err != nil {
		t.Fatal(err)
	}
	if e := r.next(KindEnded).Ended; e.Reason != Stopped || e.Signal != "SIGKILL" {
		t.Errorf("%+v", e)
	}
	if !strings.Contains(r.out.String(), "no") {
		t.Error("it was not asked")
	}
}

// TestHurry holds that nobody has to wait for a stubborn program.
func TestHurry(t *testing.T) {
	app := nodeApp(t, "process.on('SIGTERM', () => console.log('no')); console.log('up'); setInterval(() => {}, 1000)")
	app.Stop.Timeout = time.Hour
	r := supervise(t, app)
	waitFor(t, func() bool { return strings.Contains(r.out.String(), "up") })
	r.cancel()
	waitFor(t, func() bool { return strings.Contains(r.out.String(), "no") })
	r.Hurry()
	r.wait()
}

// TestRestarts counts the lives of a program that crashes.
func TestRestarts(t *testing.T) {
	app := command(t, "sh", "-c", "exit 1")
	app.Restart = Policy{When: OnFailure, MinUptime: time.Hour, MaxRestarts: 3}
	r := supervise(t, app)
	for range 4 {
		r.next(KindEnded)
	}
	r.next(KindGaveUp)
	r.wait()
	if s := r.Status()[0]; s.State != CrashLoop || s.Restarts != 3 || s.Last.Code != 1 {
		t.Errorf("%+v", s)
	}
}

// TestRequests restarts and stops apps: of two, the other stays as it is.
func TestRequests(t *testing.T) {
	apps := []App{command(t, "sleep", "1000"), command(t, "sleep", "1000")}
	apps[1].Name = "other"
	r := supervise(t, apps...)
	first, second := r.next(KindStarted), r.next(KindStarted)
	if first.App == "other" {
		first, second = second, first
	}
	ctx := t.Context()
	if err := r.Restart(ctx, first.App); err != nil {
		t.Fatal(err)
	}
	if e := r.next(KindEnded).Ended; e.Reason != Restarted || e.PID != first.PID {
		t.Errorf("%+v", e)
	}
	again := r.next(KindStarted)
	if again.App != first.App || again.PID == first.PID {
		t.Errorf("%+v", again)
	}
	if err := r.Stop(ctx, first.App); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return r.Status()[0].State == Halted })
	if s := r.Status(); s[0].PID != 0 || s[0].Restarts != 1 || s[1].PID != second.PID {
		t.Errorf("%+v", s)
	}
	// What is stopped can be started again.
	if err := r.Restart(ctx, first.App); err != nil {
		t.Fatal(err)
	}
	if s := r.Status()[0]; s.PID == 0 || s.State.Over() {
		t.Errorf("%+v", s)
	}
	if err := r.Stop(ctx, "third"); !errors.Is(err, ErrNoApp) {
		t.Errorf("%v", err)
	}
	if err := r.Stop(ctx, ""); err != nil {
		t.Fatal(err)
	}
	r.wait() // all are over
}

// TestWaitIsCutShort holds that a request is met while a program waits for its
// next start.
func TestWaitIsCutShort(t *testing.T) {
	app := command(t, "sh", "-c", "exit 1")
	app.Restart = Policy{When: Always, MinUptime: 0, MaxRestarts: -1, Delay: time.Hour}
	r := supervise(t, app)
	r.next(KindRestarting)
	if err := r.Restart(t.Context(), app.Name); err != nil {
		t.Fatal(err)
	}
	r.next(KindStarted)
	r.next(KindRestarting)
	if err := r.Stop(t.Context(), app.Name); err != nil {
		t.Fatal(err)
	}
	r.wait()
	if s := r.Status()[0].State; s != Halted {
		t.Errorf("%s", s)
	}
}

// TestWrongApps are refused before anything is started.
func TestWrongApps(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*App)
		want   string
	}{
		"command":   {func(a *App) { a.Args = nil }, "no command"},
		"instances": {func(a *App) { a.Instances = 0 }, "0 instances"},
		"overlap":   {func(a *App) { a.Overlap = true }, "needs a program that runs on Node.js"},
		"ready":     {func(a *App) { a.Ready.Message = true }, "needs a program that runs on Node.js"},
		"cron":      {func(a *App) { a.Cron = "at noon" }, "cron"},
		"health":    {func(a *App) { a.Health.URL = "/health" }, "no URL"},
		"interval":  {func(a *App) { a.Memory.Interval = 0 }, "memory is read every 0s"},
	} {
		app := command(t, "sh", "-c", "exit")
		c.change(&app)
		_, err := New([]App{app}, Options{})
		var ours *Error
		if !errors.As(err, &ours) || ours.Hint == "" || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	app := command(t, "sh")
	if _, err := New([]App{app, app}, Options{}); err == nil || !strings.Contains(err.Error(), "two apps") {
		t.Errorf("%v", err)
	}
}

// TestNotThere holds that what cannot be started is not tried for ever.
func TestNotThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"no-such-program"}, {file}, {"node", "no-such-script.js"}} {
		app := command(t, args...)
		app.Restart.When = Always
		r := supervise(t, app)
		if e := r.next(KindGaveUp).Ended; e.Reason != NotStarted || e.Hint == "" || e.Said == "" {
			t.Errorf("%+v", e)
		}
		r.wait()
	}
}

// TestEnvironment holds what a program finds in its environment.
func TestEnvironment(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "/run/notify")
	t.Setenv("NODE_CHANNEL_FD", "7")
	app := command(t, "sh", "-c", "echo instance=$NODE_APP_INSTANCE; env")
	r := supervise(t, app)
	r.wait()
	out := r.out.String()
	if !strings.Contains(out, "instance=0\n") || strings.Contains(out, "NOTIFY_SOCKET") || strings.Contains(out, "NODE_CHANNEL_FD") {
		t.Error(out)
	}
}
