package monitor

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/prometheus/tsdb/fileutil"
)

const (
	temporaryPrefix = "plumb-monitor-"
	// databaseLock is the file that a database of samples locks as long as it is open:
	// the system gives the lock back when its process ends in any way.
	databaseLock = "lock"
	// young is how long a folder may be without its lock.
	young = time.Minute
)

// temporaryFolder makes a folder for samples that goes at the end, and removes those of
// monitors that were killed.
func temporaryFolder() (dir string, remove func() error, err error) {
	sweepTemporary(os.TempDir())
	dir, err = os.MkdirTemp("", temporaryPrefix)
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for samples: %w", err)
	}
	return dir, func() error { return os.RemoveAll(dir) }, nil
}

// sweepTemporary is a courtesy: what it cannot remove, as that of another user, stays.
func sweepTemporary(parent string) {
	entries, _ := filepath.Glob(filepath.Join(parent, temporaryPrefix+"*"))
	for _, dir := range entries {
		if info, err := os.Lstat(dir); err == nil && info.IsDir() && time.Since(info.ModTime()) > young {
			removeAbandoned(dir)
		}
	}
}

func removeAbandoned(dir string) {
	lock, _, err := fileutil.Flock(filepath.Join(dir, databaseLock))
	if err != nil {
		return // it is in use
	}
	_ = lock.Release() // Windows removes no open file
	_ = os.RemoveAll(dir)
}
