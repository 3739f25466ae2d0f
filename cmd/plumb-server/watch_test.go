package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// buildPlumb builds plumb itself, which finds plumb-server on the PATH.
func buildPlumb(t *testing.T) string {
	t.Helper()
	plumb := filepath.Join(t.TempDir(), "plumb")
	if out, err := exec.Command("go", "build", "-o", plumb, "../plumb").CombinedOutput(); err != nil {
		t.Fatalf("build plumb: %v\n%s", err, out)
	}
	return plumb
}

// TestWatch has plumb keep an app up, and another plumb watch it without any file.
func TestWatch(t *testing.T) {
	t.Parallel()
	plumb, dir := buildPlumb(t), t.TempDir()
	app, err := filepath.Abs(filepath.Join("testdata", "app.cjs"))
	if err != nil {
		t.Fatal(err)
	}
	temporary, empty := filepath.Join(dir, "tmp"), filepath.Join(dir, "empty")
	for _, folder := range []string{temporary, empty} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	state := "XDG_STATE_HOME=" + filepath.Join(dir, ".state")
	run := exec.Command(plumb, "run", "--name=shop", "--metrics-address=127.0.0.1:0", "--", "node", app)
	run.Env = append(os.Environ(), state)
	said := &output{}
	run.Stdout, run.Stderr = said, said
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = run.Process.Signal(syscall.SIGTERM)
		_ = run.Wait()
		if t.Failed() {
			t.Logf("plumb run wrote\n%s", said)
		}
	})
	cmd := exec.Command(plumb, "monitor", "--json", "--web.listen-address=127.0.0.1:0")
	cmd.Dir, cmd.Env = empty, append(os.Environ(), state, "TMPDIR="+temporary)
	s := startCommand(t, cmd)
	s.query(`nodejs_version_info{job="plumb-run",app="shop",instance="0"}`)
	for _, name := range []string{"NodeHeapLeaking", "NodeRestarting", "plumb:nodejs_heap:used_ratio"} {
		if _, err := s.rule(name); err != nil {
			t.Error(err)
		}
	}
	s.stop()
	for _, folder := range []string{temporary, empty} {
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("it has left %v in %s: %v", left, folder, err)
		}
	}
}
