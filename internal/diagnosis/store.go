package diagnosis

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Store is a folder with findings, each a folder of its own. Several plumbs may
// share it.
type Store struct {
	dir    string
	budget Budget
}

// Budget is what findings may take. A finding that is pinned counts, and stays.
type Budget struct {
	Count int           // findings; 0 for any number
	Bytes int64         // of snapshots: those of the oldest findings go, what they say stays; 0 for no bound
	Age   time.Duration // of a finding; 0 for any
}

// DefaultBudget is meant for a server with some room.
var DefaultBudget = Budget{Count: 50, Bytes: 2 << 30, Age: 90 * 24 * time.Hour}

// DefaultDir is where findings are kept: $XDG_STATE_HOME/plumb/findings.
func DefaultDir() (string, error) {
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find the folder of findings: %w", err)
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "plumb", "findings"), nil
}

// Open opens the store in dir, which is made when it is not there, for nobody but
// this user: snapshots hold secrets.
func Open(dir string, budget Budget) (*Store, error) {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		err = os.Chmod(dir, 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("open the store of findings: %w", err)
	}
	return &Store{dir, budget}, nil
}

// At is the store in a folder as it is, which may be none: it is read, and nothing is
// made.
func At(dir string) *Store { return &Store{dir: dir} }

const findingFile = "finding.json"

// ErrNoFinding says that there is none of that name.
var ErrNoFinding = errors.New("no such finding")

// List returns the findings, the newest first, and what is wrong with those that
// cannot be read.
func (s *Store) List() ([]*Finding, error) {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list findings: %w", err)
	}
	var all []*Finding
	var broken []error
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		f, err := s.load(e.Name())
		switch {
		case err == nil:
			all = append(all, f)
		case !errors.Is(err, os.ErrNotExist): // removed meanwhile
			broken = append(broken, err)
		}
	}
	slices.SortFunc(all, func(a, b *Finding) int {
		if c := b.Time.Compare(a.Time); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return all, errors.Join(broken...)
}

func (s *Store) load(id string) (*Finding, error) {
	dir := filepath.Join(s.dir, id)
	data, err := os.ReadFile(filepath.Join(dir, findingFile))
	if err != nil {
		return nil, fmt.Errorf("read finding %s: %w", id, err)
	}
	f := &Finding{}
	if err := json.Unmarshal(data, f); err != nil {
		return nil, fmt.Errorf("read finding %s: %w", id, err)
	}
	f.ID, f.dir = id, dir
	return f, nil
}

// Find returns a finding by its name or the beginning of it, when only one has it.
// "last" is the newest.
func (s *Store) Find(id string) (*Finding, error) {
	all, err := s.List()
	if err != nil && len(all) == 0 {
		return nil, err
	}
	if id == "last" && len(all) > 0 {
		return all[0], nil
	}
	var found *Finding
	for _, f := range all {
		switch {
		case f.ID == id:
			return f, nil
		case id == "" || !strings.HasPrefix(f.ID, id):
		case found != nil:
			return nil, fmt.Errorf("%w: more than one begins with %q", ErrNoFinding, id)
		default:
			found = f
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%w: %q", ErrNoFinding, id)
	}
	return found, nil
}

// Pin keeps a finding whatever the budget says, or no longer.
func (s *Store) Pin(f *Finding, pinned bool) error {
	f.Pinned = pinned
	return f.write()
}

// Remove removes a finding and its snapshots. It is gone at once or not at all.
func (s *Store) Remove(f *Finding) error {
	gone := filepath.Join(s.dir, gonePrefix+f.ID+time.Now().Format("-150405.000000000"))
	if err := os.Rename(f.dir, gone); err != nil {
		return fmt.Errorf("remove finding %s: %w", f.ID, err)
	}
	if err := os.RemoveAll(gone); err != nil {
		return fmt.Errorf("remove finding %s: %w", f.ID, err)
	}
	return nil
}

func (f *Finding) path(name string) string { return filepath.Join(f.dir, filepath.Base(name)) }

// Bytes is what the finding takes on the disk.
func (f *Finding) Bytes() int64 {
	var n int64
	entries, _ := os.ReadDir(f.dir) // what is gone takes nothing
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			n += info.Size()
		}
	}
	return n
}

// write writes what the finding says, whole or not at all.
func (f *Finding) write() error {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(f.dir, ".finding-*")
	if err != nil {
		return fmt.Errorf("write finding: %w", err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(append(text, '\n'))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write finding: %w", err)
	}
	return os.Rename(file.Name(), f.path(findingFile))
}

var unsafe = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// id names a finding: the app, and when it was.
func (f *Finding) id() string {
	app := strings.Trim(unsafe.ReplaceAllString(f.App, "-"), "-")
	if len(app) > 60 {
		app = app[:60]
	}
	if app == "" {
		app = "app"
	}
	return fmt.Sprintf("%s-%d-%s", app, f.Instance, f.Time.UTC().Format("20060102-150405"))
}
