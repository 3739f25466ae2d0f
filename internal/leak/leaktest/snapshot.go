//go:build unix

package leaktest

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Snapshot has Node.js write a heap snapshot and returns its path. Node.js
// tells nobody when a file is whole, so its last bytes are looked at. The
// caller may rename the file.
func (a *App) Snapshot(ctx context.Context) (string, error) {
	if err := a.cmd.Process.Signal(syscall.SIGUSR2); err != nil {
		return "", fmt.Errorf("ask for a snapshot: %w", err)
	}
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		files, err := filepath.Glob(filepath.Join(a.dir, "Heap.*.heapsnapshot"))
		if err != nil {
			return "", fmt.Errorf("wait for the snapshot: %w", err)
		}
		for _, path := range files {
			if !a.taken[path] && whole(path) {
				a.taken[path] = true
				return path, nil
			}
		}
		select {
		case <-look.C:
		case <-a.ended:
			return "", fmt.Errorf("wait for the snapshot: %w", a.death())
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// whole says whether a snapshot has its end: that of the last string, of the
// list of strings and of the object. Within a string there is a backslash
// before the quote.
func whole(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() < 4 {
		return false
	}
	var end [4]byte
	_, err = f.ReadAt(end[:], info.Size()-4)
	return err == nil && end[0] != '\\' && bytes.Equal(end[1:], []byte(`"]}`))
}

//go:embed snapshot-worker.js
var snapshotWorker []byte

// StartWorker is [Start] for a program that works in a worker thread, of which
// the snapshots are. Node.js has no signal for that, so a module that is
// loaded before the program asks the worker.
func StartWorker(ctx context.Context, node, script, dir string) (*App, error) {
	hook := filepath.Join(dir, "snapshot-worker.js")
	if err := os.WriteFile(hook, snapshotWorker, 0o600); err != nil {
		return nil, fmt.Errorf("start %s: %w", script, err)
	}
	return start(ctx, node, script, dir, "--require="+hook)
}
