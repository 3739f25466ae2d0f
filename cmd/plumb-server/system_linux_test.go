package main

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestFullDisk fills the disk under plumb monitor, and makes room again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", data, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("only root can mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(data, 0); err != nil {
			t.Error(err)
		}
	})
	s := start(t, dir, "--config.file=prometheus.yml", "--web.listen-address="+selfScrape(t, dir))
	t.Cleanup(func() { s.stop() }) // before the disk goes
	s.query(`count_over_time(up[1h]) > 3`)
	fill(t, filepath.Join(data, "other"))
	s.says("the disk of data is full: samples are lost until there is room")
	s.query(`count_over_time(up[1h]) > 3`)
	if code, text := s.ask("GET", "/-/healthy", ""); code != 200 {
		t.Errorf("%d: %s", code, text)
	}
	before := s.query(`count_over_time(up[1h])`)
	if err := os.Remove(filepath.Join(data, "other")); err != nil {
		t.Fatal(err)
	}
	s.says("the disk of data has room again")
	s.query(`count_over_time(up[1h]) > ` + before)
}

// TestAll watches every process of a machine that is made for it: the others of
// this one are none of a test's business.
func TestAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	app, err := filepath.Abs(filepath.Join("testdata", "app.cjs"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := command(t, dir)
	cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", `
		mount --make-rprivate / && mount -t proc proc /proc || exit 9
		node "$0" >/dev/null &
		exec plumb-server monitor --all --json --web.listen-address=127.0.0.1:0`, app}
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		t.Skip("only root can make a machine of its own")
	}
	s := startCommand(t, cmd)
	s.query(`nodejs_heap_size_used_bytes{job="plumb-exporter",app="app.cjs"}`)
}

// fill writes a file until there is no room for another byte.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
