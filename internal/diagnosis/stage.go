package diagnosis

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	stagePrefix = ".stage-"
	gonePrefix  = ".gone-"
	lockFile    = "lock"
	// young is how long a folder may be without its lock.
	young = time.Minute
)

// stage is the folder of a finding to be. A plumb that is killed leaves it behind,
// without the lock on it: the next one removes it.
type stage struct {
	dir  string
	lock *os.File
}

// begin makes a stage, and removes those of killed plumbs.
func (s *Store) begin() (*stage, error) {
	s.sweep()
	dir, err := os.MkdirTemp(s.dir, stagePrefix)
	if err != nil {
		return nil, fmt.Errorf("begin a finding: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil && !tryLock(lock) {
		err = fmt.Errorf("%s is locked", lock.Name())
	}
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, fmt.Errorf("begin a finding: %w", err)
	}
	return &stage{dir, lock}, nil
}

func (st *stage) path(name string) string { return filepath.Join(st.dir, name) }

// drop removes a stage that did not become a finding.
func (st *stage) drop() {
	_ = os.RemoveAll(st.dir) // else the next sweep does
	_ = st.lock.Close()
}

// sweep removes what killed plumbs have left. It is a courtesy: what it cannot
// remove stays.
func (s *Store) sweep() {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		path := filepath.Join(s.dir, e.Name())
		if strings.HasPrefix(e.Name(), gonePrefix) || strings.HasPrefix(e.Name(), stagePrefix) && abandoned(path) {
			_ = os.RemoveAll(path)
		}
	}
}

func abandoned(dir string) bool {
	lock, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR, 0)
	if err != nil {
		info, err := os.Stat(dir)
		return err == nil && time.Since(info.ModTime()) > young
	}
	defer lock.Close()
	return tryLock(lock)
}

// keep makes a finding of a stage, and sees to the budget.
func (s *Store) keep(st *stage, f *Finding) error {
	f.dir = st.dir
	for n := 1; ; n++ {
		f.ID = f.id()
		if n > 1 {
			f.ID += fmt.Sprintf("-%d", n)
		}
		if err := f.write(); err != nil {
			return err
		}
		dir := filepath.Join(s.dir, f.ID)
		err := os.Rename(st.dir, dir)
		if err == nil {
			f.dir = dir
			_ = os.Remove(filepath.Join(dir, lockFile))
			return s.prune(f)
		}
		if _, taken := os.Stat(dir); taken != nil || n > 100 {
			return fmt.Errorf("keep finding %s: %w", f.ID, err)
		}
	}
}

// prune sees to the budget. The finding that was just made stays.
func (s *Store) prune(newest *Finding) error {
	all, err := s.List()
	if err != nil && len(all) == 0 {
		return err
	}
	kept, bytes := 0, int64(0)
	for _, f := range all {
		if f.Pinned {
			kept, bytes = kept+1, bytes+f.Bytes()
		}
	}
	for _, f := range all { // the newest first
		if f.Pinned {
			continue
		}
		many := s.budget.Count > 0 && kept >= s.budget.Count
		old := s.budget.Age > 0 && time.Since(f.Time) > s.budget.Age
		if (many || old) && f.ID != newest.ID {
			if err := s.Remove(f); err != nil {
				return err
			}
			continue
		}
		kept++
		if s.budget.Bytes > 0 && bytes+f.Bytes() > s.budget.Bytes {
			if err := f.shed(); err != nil {
				return err
			}
			if f.ID == newest.ID {
				*newest = *f
			}
		}
		bytes += f.Bytes()
	}
	return nil
}

// shed removes the snapshots of a finding and keeps what it says.
func (f *Finding) shed() error {
	files := f.Files()
	if len(files) == 0 {
		return nil
	}
	for _, s := range []*Shot{f.Baseline, f.Last} {
		if s != nil {
			s.File = ""
		}
	}
	if err := f.write(); err != nil {
		return err
	}
	for _, path := range files {
		_ = os.Remove(path + ".json")
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("remove the snapshots of finding %s: %w", f.ID, err)
		}
	}
	return nil
}
