package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// buildPlumb builds plumb itself, which finds plumb-server on the PATH.
func buildPlumb(t *testing.T) string {
	t.Helper()
	return build(t, "plumb")
}

func build(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name)
	if out, err := exec.Command("go", "build", "-o", program, "../"+name).CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", name, err, out)
	}
	return program
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
	watch := func() *server {
		cmd := exec.Command(plumb, "monitor", "--json", "--web.listen-address=127.0.0.1:0")
		cmd.Dir, cmd.Env = empty, append(os.Environ(), state, "TMPDIR="+temporary)
		return startCommand(t, cmd)
	}
	s := watch()
	s.query(`nodejs_version_info{job="plumb-run",app="shop",instance="0"}`)
	for _, name := range []string{"NodeHeapLeaking", "NodeRestarting", "plumb:nodejs_heap:used_ratio"} {
		if _, err := s.rule(name); err != nil {
			t.Error(err)
		}
	}
	// A kill leaves the samples, which the next watch removes when nobody is at them any
	// more.
	s.kill()
	killed, err := os.ReadDir(temporary)
	if err != nil || len(killed) != 1 {
		t.Fatalf("a kill has left %v, %v", killed, err)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(temporary, killed[0].Name()), old, old); err != nil {
		t.Fatal(err)
	}
	s = watch()
	if _, err := os.Stat(filepath.Join(temporary, killed[0].Name())); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there: %v", killed[0].Name(), err)
	}
	other := watch() // leaves what is in use
	other.stop()
	s.query(`up{job="plumb-run"}`)
	s.stop()
	for _, folder := range []string{temporary, empty} {
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("it has left %v in %s: %v", left, folder, err)
		}
	}
}
