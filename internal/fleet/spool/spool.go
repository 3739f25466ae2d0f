// Package spool keeps cases on the agent's disk until the hub has them.
//
// A case is a folder: what it says, and its files under their hashes. It appears whole
// or not at all, and goes when the hub has stored all of it. When the spool is full the
// oldest case goes first, unless it is pinned; a spool that is full of pinned cases takes
// no more.
//
// Several plumbs of a host may share a spool: what two of them send is there once.
package spool

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/plumb-dev/plumb/internal/fleet"
)

const (
	caseFile   = "case.json"
	partPrefix = ".part-"
	// young is how long a folder that is being filled may be without a change.
	young = time.Hour
)

// Spool is a folder with cases.
type Spool struct {
	dir   string
	limit int64

	mu      sync.Mutex
	dropped uint64
	added   chan struct{}
}

// Dir is where cases of an agent are kept: $XDG_STATE_HOME/plumb/spool/NAME.
func Dir(agent string) (string, error) {
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find the spool's folder: %w", err)
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "plumb", "spool", agent), nil
}

// Open opens the spool in dir, which holds at most limit bytes. What a plumb that was
// killed was about to add is removed.
func Open(dir string, limit int64) (*Spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the spool: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("open the spool: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), partPrefix) && time.Since(info.ModTime()) > young {
			_ = os.RemoveAll(filepath.Join(dir, e.Name())) // else the next time
		}
	}
	return &Spool{dir: dir, limit: limit, added: make(chan struct{}, 1)}, nil
}

// Added has something when cases were added since it was looked at.
func (s *Spool) Added() <-chan struct{} { return s.added }

// ErrFull says that a case is not kept.
var ErrFull = errors.New("the spool is full")

// Add keeps a case. paths are where its files are, in the order of [fleet.Case.Files];
// they are linked where that is possible, and copied elsewhere; "" is for a file that the
// hub has already. The case of that name
// that is there already stays.
func (s *Spool) Add(c *fleet.Case, paths []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.entries() {
		if e.id() == c.ID {
			return nil
		}
	}
	part, err := os.MkdirTemp(s.dir, partPrefix)
	if err != nil {
		return fmt.Errorf("spool a case: %w", err)
	}
	defer os.RemoveAll(part) // nothing when it has its name
	for i, f := range c.Files() {
		if paths[i] == "" {
			continue
		}
		if err := keep(paths[i], filepath.Join(part, f.Hash)); err != nil && !errors.Is(err, os.ErrExist) {
			return fmt.Errorf("spool a case: %w", err)
		}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(part, caseFile), text); err != nil {
		return fmt.Errorf("spool a case: %w", err)
	}
	name := fmt.Sprintf("%020d-%s", time.Now().UnixNano(), c.ID)
	if err := os.Rename(part, filepath.Join(s.dir, name)); err != nil {
		return fmt.Errorf("spool a case: %w", err)
	}
	if err := s.prune(name); err != nil {
		return err
	}
	select {
	case s.added <- struct{}{}:
	default:
	}
	return nil
}

// prune makes room for the newest case.
func (s *Spool) prune(newest string) error {
	all := s.entries()
	total := int64(0)
	for _, e := range all {
		total += e.bytes()
	}
	for _, e := range all {
		if total <= s.limit {
			return nil
		}
		if e.name == newest || e.pinned() {
			continue
		}
		total -= e.bytes()
		e.remove()
		s.dropped++
	}
	if total <= s.limit {
		return nil
	}
	entry{s.dir, newest}.remove()
	s.dropped++
	return fmt.Errorf("%w: it may have %d MB", ErrFull, s.limit>>20)
}

// Status says what waits.
func (s *Spool) Status() fleet.Spooled {
	s.mu.Lock()
	defer s.mu.Unlock()
	status := fleet.Spooled{Dropped: s.dropped}
	for _, e := range s.entries() {
		status.Cases++
		status.Bytes += e.bytes()
	}
	return status
}

// Waiting are the cases that wait, the oldest first. What cannot be read is left out,
// and removed: it would be in the way for ever.
func (s *Spool) Waiting() []*Waiting {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*Waiting
	for _, e := range s.entries() {
		c, err := e.read()
		switch {
		case err == nil:
			list = append(list, &Waiting{*c, e, s})
		case !errors.Is(err, os.ErrNotExist):
			e.remove()
			s.dropped++
		}
	}
	return list
}

// Waiting is a case that waits.
type Waiting struct {
	fleet.Case

	entry entry
	spool *Spool
}

// Path is where a file of it is.
func (w *Waiting) Path(f fleet.File) string { return filepath.Join(w.entry.path(), f.Hash) }

// Exists tells whether the case is there still.
func (w *Waiting) Exists() bool {
	_, err := os.Stat(w.entry.path())
	return err == nil
}

// Done removes the case: the hub has it, or nobody can have it.
func (w *Waiting) Done() {
	w.spool.mu.Lock()
	defer w.spool.mu.Unlock()
	w.entry.remove()
}

// entry is a case's folder. Its name begins with the time, so that names have the order
// of time.
type entry struct{ dir, name string }

func (s *Spool) entries() []entry {
	list, _ := os.ReadDir(s.dir) // what cannot be listed has nothing that can be sent
	var all []entry
	for _, e := range list {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			all = append(all, entry{s.dir, e.Name()})
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return all
}

func (e entry) path() string { return filepath.Join(e.dir, e.name) }

func (e entry) id() string {
	_, id, _ := strings.Cut(e.name, "-")
	return id
}

func (e entry) read() (*fleet.Case, error) {
	text, err := os.ReadFile(filepath.Join(e.path(), caseFile))
	if err != nil {
		return nil, err
	}
	c := &fleet.Case{}
	return c, json.Unmarshal(text, c)
}

func (e entry) pinned() bool {
	c, err := e.read()
	return err == nil && c.Pinned
}

func (e entry) bytes() (n int64) {
	files, _ := os.ReadDir(e.path()) // what is gone takes nothing
	for _, f := range files {
		if info, err := f.Info(); err == nil {
			n += info.Size()
		}
	}
	return n
}

// remove removes the folder, at once for whoever lists the spool.
func (e entry) remove() {
	gone := filepath.Join(e.dir, partPrefix+e.name)
	if os.Rename(e.path(), gone) == nil {
		_ = os.RemoveAll(gone) // else [Open] does
	}
}

// keep links a file, or copies it where that is not possible.
func keep(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, os.ErrExist) || errors.Is(err, os.ErrNotExist) {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

func write(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Sync(), file.Close())
}
