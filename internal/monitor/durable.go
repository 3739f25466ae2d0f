package monitor

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// memory is a part of Alertmanager that has to outlive the process: its silences,
// or its notification log.
type memory interface {
	Snapshot(w io.Writer) (int64, error)
	GC() (int, error)
	SetBroadcast(changed func([]byte))
}

// rewrite is when to write again what could not be written.
const rewrite = 10 * time.Second

// remember writes m to a file at every change, until end is closed. Alertmanager
// writes every 15 minutes only: one that is killed forgets silences, and notifies
// again. What it tells its cluster of a change tells us.
func remember(m memory, path string, end <-chan struct{}, log *slog.Logger) {
	changed := make(chan struct{}, 1)
	m.SetBroadcast(func([]byte) {
		select {
		case changed <- struct{}{}:
		default: // it is to be written anyway
		}
	})
	clean := time.NewTicker(amMaintenance)
	defer clean.Stop()
	var again <-chan time.Time // nil when all is written
	for running := true; running; {
		select {
		case <-changed:
		case <-again:
		case <-clean.C:
			if _, err := m.GC(); err != nil {
				log.Error("Forget what is old", "file", path, "err", err)
			}
		case <-end:
			running = false
		}
		err := writeWhole(path, m)
		if err != nil && again == nil {
			log.Error("Silences or the notification log cannot be kept for now", "err", err)
		}
		again = nil
		if err != nil { // there may be room again soon
			again = time.After(rewrite)
		}
	}
}

// writeWhole replaces a file at once.
func writeWhole(path string, m memory) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".partial-")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(f.Name()))
		}
	}()
	_, err = m.Snapshot(f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
