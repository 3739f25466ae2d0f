package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestDiskFull fills the hub's disk under it. It ends and says why; when there is room
// and it is started again, the case that waited at its agent arrives.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	disk := filepath.Join(dir, "disk")
	if err := os.Mkdir(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=60m"); err != nil {
		t.Skipf("a small disk cannot be mounted: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	hub := startHub(t, dir, address, "--dir", filepath.Join(disk, "hub"))
	who := local(t, dir, address)
	var free syscall.Statfs_t
	if err := syscall.Statfs(disk, &free); err != nil {
		t.Fatal(err)
	}
	fill := filepath.Join(disk, "fill")
	const left = 2 << 20 // less than the snapshots
	if err := os.WriteFile(fill, make([]byte, int(free.Bavail)*int(free.Bsize)-left), 0o600); err != nil {
		t.Fatal(err)
	}
	agent := startAgent(t, dir, "nats://"+address, who, "shop", pair...)
	hub.says("error: keep what agents send: ")
	hub.says("hint: make room on the disk")
	_ = hub.cmd.Wait()
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	startHub(t, dir, address, "--dir", filepath.Join(disk, "hub"))
	startAnalyst(t, dir, "nats://"+address)
	agent.says("result: leaking sessions")
	wantLeak(t, wantResults(t, connect(t, "nats://"+address, who), 1))
}
