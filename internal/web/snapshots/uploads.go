package snapshots

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/gofrs/flock"

	"github.com/plumb-dev/plumb/internal/web/problem"
)

// uploads is the folder of what browsers send. It is removed at the end; what a server
// that was killed has left is removed by the next one.
type uploads struct {
	folder string
	lock   *flock.Flock
}

const (
	uploadsName = "plumb-uploads-"
	lockName    = "lock"

	// largest is the greatest upload, in bytes.
	largest = 16 << 30
)

func newUploads() (*uploads, error) {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), uploadsName+"*"))
	for _, folder := range left {
		lock := flock.New(filepath.Join(folder, lockName))
		if ours, err := lock.TryLock(); err == nil && ours { // its server is gone
			_ = os.RemoveAll(folder)
			_ = lock.Unlock()
		}
	}
	folder, err := os.MkdirTemp("", uploadsName)
	if err != nil {
		return nil, err
	}
	u := &uploads{folder: folder, lock: flock.New(filepath.Join(folder, lockName))}
	if _, err := u.lock.TryLock(); err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	return u, nil
}

func (u *uploads) remove() error {
	err := os.RemoveAll(u.folder)
	return errors.Join(err, u.lock.Unlock())
}

// take writes an upload into a file whose name nobody else chooses, but for its end,
// which tells how it is compressed.
func (u *uploads) take(name string, body io.Reader) (path string, err error) {
	end := ".heapsnapshot"
	for _, packed := range []string{".gz", ".zst"} {
		if strings.HasSuffix(name, packed) {
			end += packed
		}
	}
	file, err := os.CreateTemp(u.folder, "*"+end)
	if err != nil {
		return "", fmt.Errorf("keep the upload: %w", err)
	}
	n, err := io.Copy(file, io.LimitReader(body, largest+1))
	if closed := file.Close(); err == nil {
		err = closed
	}
	switch {
	case err == nil && n > largest:
		err = problem.New(http.StatusRequestEntityTooLarge, fmt.Errorf("%s is larger than %d GB", name, largest>>30), "name it on the command line: plumb open FILE")
	case errors.Is(err, syscall.ENOSPC):
		err = problem.New(http.StatusInsufficientStorage, fmt.Errorf("there is no room for %s in %s", name, os.TempDir()), "name it on the command line, which needs none: plumb open FILE")
	}
	if err != nil {
		_ = os.Remove(file.Name())
		return "", err
	}
	return file.Name(), nil
}
