package node

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestStopStubborn holds that a program which ignores the polite signal is
// killed, with what it started.
func TestStopStubborn(t *testing.T) {
	p, out := start(t, anyNode(t), "-e", `
		process.on('SIGTERM', () => console.log('no'));
		const child = require('child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("child ready")'], { stdio: ['ignore', 'inherit', 'inherit'] });
		console.log('child ' + child.pid);
		setInterval(() => {}, 1000);`)
	out.after(t, "child ready")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for line := range out.lines {
			if line == "no" {
				cancel() // no patience
			}
		}
	}()
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if exit := p.Exit(); exit.Signal != "SIGKILL" {
		t.Errorf("exit %v", exit)
	}
}

// TestList finds a child, whose inspector's address is secret, and a program of
// somebody else.
func TestList(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		p, out := start(t, bin, app(t))
		out.after(t, "listening on ")
		f := runApp(t, bin)
		list, err := List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, r := range list {
			var state InspectorState
			switch r.PID {
			case p.Info().PID:
				state = InspectorSecret
			case f.cmd.Process.Pid:
				state = InspectorClosed
			default:
				continue
			}
			found++
			if r.Inspector != state || r.NodeVersion != p.Info().NodeVersion || r.Script != app(t) || r.RSS == 0 || r.Started.IsZero() || r.User == "" {
				t.Errorf("%+v, want inspector %s", r, state)
			}
		}
		if found != 2 {
			t.Errorf("%d of 2 programs found", found)
		}
	})
}

// otherRuntime is Deno or Bun, where it is installed.
func otherRuntime(t *testing.T, name string) string {
	t.Helper()
	bin, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not on the PATH", name)
	}
	return bin
}

func TestDeno(t *testing.T) {
	deno := otherRuntime(t, "deno")
	script := filepath.Join(t.TempDir(), "app.mjs")
	if err := os.WriteFile(script, []byte("setInterval(() => {}, 1000); console.log('up');"), 0o600); err != nil {
		t.Fatal(err)
	}
	p, out := start(t, deno, "run", "--allow-all", script)
	out.after(t, "up")
	if info := p.Info(); info.Runtime != "deno" || info.PID != p.child.cmd.Process.Pid {
		t.Errorf("info %+v", info)
	}
	if m, err := p.Memory(t.Context()); err != nil || m.HeapUsed == 0 {
		t.Errorf("memory %+v, %v", m, err)
	}
	if c, err := p.Collect(t.Context()); err != nil || !c.Settled {
		t.Errorf("collected %+v, %v", c, err)
	}
}

func TestBunIsRefused(t *testing.T) {
	bun := otherRuntime(t, "bun")
	_, err := Start(t.Context(), Command{Args: []string{bun, app(t)}})
	if err == nil || !strings.Contains(err.Error(), "not V8") {
		t.Errorf("error %v", err)
	}
}
