package snapshots

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/devtools"
	"github.com/plumb-dev/plumb/internal/web/problem"
)

// Shelf is the snapshots that a server knows. Several may be open, but not more than
// fit: opening one more closes the one that was used least lately.
type Shelf struct {
	folders []string
	uploads *uploads

	mu      sync.Mutex
	books   []*book
	last    int        // id
	opening sync.Mutex // one at a time: each takes all cores
	ctx     context.Context
	cancel  context.CancelFunc
	work    sync.WaitGroup
}

// mostOpen is how many snapshots are open at once. Compared ones are two, a series is
// a few.
const mostOpen = 6

// State is how far a snapshot is.
type State string

// The states.
const (
	Closed  State = "closed"
	Opening State = "opening"
	Ready   State = "ready"
	Failed  State = "failed"
)

// Source is where a snapshot comes from.
type Source string

// The sources.
const (
	File     Source = "file"     // named when the server was started
	Captured Source = "captured" // appeared in a folder
	Upload   Source = "upload"
)

// book is a snapshot on the shelf. The shelf's mutex guards what changes.
type book struct {
	id     string
	path   string
	name   string
	source Source
	bytes  int64
	taken  time.Time

	state    State
	progress heap.Progress
	failure  error
	view     *devtools.View
	listings *listings
	lent     int // requests that use the view now
	used     time.Time
	done     chan struct{} // closed when opening has ended
}

// NewShelf makes a shelf with the snapshots at paths: files, and folders whose files
// are looked for again whenever the list is asked for. Close it.
func NewShelf(paths ...string) (*Shelf, error) {
	s := &Shelf{}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			s.folders = append(s.folders, path)
		} else {
			s.add(path, filepath.Base(path), File)
		}
	}
	var err error
	if s.uploads, err = newUploads(); err != nil {
		return nil, err
	}
	return s, nil
}

// Watch looks into one more folder.
func (s *Shelf) Watch(folder string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.folders = append(s.folders, folder)
}

// Close closes all snapshots and removes the uploads.
func (s *Shelf) Close() error {
	s.cancel()
	s.work.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.books {
		b.close()
	}
	return s.uploads.remove()
}

func (s *Shelf) add(path, name string, source Source) *book {
	s.last++
	b := &book{path: path, name: name, source: source, state: Closed, id: strconv.Itoa(s.last)}
	if info, err := os.Stat(path); err == nil {
		b.bytes, b.taken = info.Size(), info.ModTime()
	}
	s.books = append(s.books, b)
	return b
}

var snapshotName = regexp.MustCompile(`\.heapsnapshot(\.gz|\.zst)?$`)

// look finds what appeared in the folders. A file that is gone stays on the shelf as
// long as it is open.
func (s *Shelf) look() {
	known := map[string]bool{}
	for _, b := range s.books {
		known[b.path] = true
	}
	var found []string
	for _, folder := range s.folders {
		_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil //nolint:nilerr // what cannot be read is not there
			case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git"):
				return fs.SkipDir
			case !entry.IsDir() && snapshotName.MatchString(path) && !known[path]:
				found = append(found, path)
			}
			return nil
		})
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(modified(a), modified(b)) })
	for _, path := range found {
		s.add(path, filepath.Base(path), Captured)
	}
	s.books = slices.DeleteFunc(s.books, func(b *book) bool {
		_, err := os.Stat(b.path)
		return b.source == Captured && b.state == Closed && errors.Is(err, fs.ErrNotExist)
	})
}

func modified(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.ModTime().UnixNano()
}

func (s *Shelf) book(id string) (*book, error) {
	for _, b := range s.books {
		if b.id == id {
			return b, nil
		}
	}
	return nil, problem.New(http.StatusNotFound, fmt.Errorf("there is no snapshot %s", id), "the list has those that are there")
}

// Open begins to open a snapshot.
func (s *Shelf) Open(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.book(id)
	if err != nil || b.state == Ready || b.state == Opening {
		return err
	}
	s.begin(b)
	return nil
}

func (s *Shelf) begin(b *book) {
	b.state, b.failure, b.progress, b.done = Opening, nil, heap.Progress{}, make(chan struct{})
	s.work.Go(func() {
		s.opening.Lock()
		defer s.opening.Unlock()
		view, err := s.read(b)
		s.mu.Lock()
		defer s.mu.Unlock()
		defer close(b.done)
		if err != nil {
			b.state, b.failure = Failed, err
			return
		}
		b.state, b.view, b.listings, b.used = Ready, view, newListings(), time.Now()
		s.makeRoom()
	})
}

func (s *Shelf) read(b *book) (*devtools.View, error) {
	snapshot, err := heap.Open(s.ctx, b.path, heap.Options{
		Derive: []heap.Derivation{devtools.ClassDerivation()},
		Progress: func(p heap.Progress) {
			s.mu.Lock()
			b.progress = p
			s.mu.Unlock()
		},
	})
	if err != nil {
		return nil, err
	}
	view, err := devtools.New(s.ctx, snapshot)
	if err != nil {
		_ = snapshot.Close()
		return nil, err
	}
	return view, nil
}

// makeRoom closes what was used least lately, when too many are open.
func (s *Shelf) makeRoom() {
	var open []*book
	for _, b := range s.books {
		if b.state == Ready {
			open = append(open, b)
		}
	}
	slices.SortFunc(open, func(a, b *book) int { return a.used.Compare(b.used) })
	for _, b := range open[:max(0, len(open)-mostOpen)] {
		if b.lent == 0 {
			b.close()
		}
	}
}

func (b *book) close() {
	if b.view != nil {
		_ = b.view.Snapshot().Close()
	}
	b.view, b.listings = nil, nil
	if b.state == Ready {
		b.state = Closed
	}
}

// lend has use work on an open snapshot, which stays open meanwhile. A closed one is
// opened first: an address that was kept leads to a view of it at once.
func (s *Shelf) lend(ctx context.Context, id string, use func(*book) error) error {
	b, err := s.wait(ctx, id)
	if err != nil {
		return err
	}
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		b.lent--
		s.makeRoom()
	}()
	return use(b)
}

func (s *Shelf) wait(ctx context.Context, id string) (*book, error) {
	for {
		s.mu.Lock()
		b, err := s.book(id)
		if err != nil {
			s.mu.Unlock()
			return nil, err
		}
		switch b.state {
		case Ready:
			b.lent++
			b.used = time.Now()
			s.mu.Unlock()
			return b, nil
		case Failed:
			err := b.failure
			s.mu.Unlock()
			return nil, unreadable(b.name, err)
		case Closed:
			s.begin(b)
		case Opening:
		}
		done := b.done
		s.mu.Unlock()
		select {
		case <-done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// lend2 is lend for two snapshots.
func (s *Shelf) lend2(ctx context.Context, first, second string, use func(first, second *book) error) error {
	return s.lend(ctx, first, func(a *book) error {
		return s.lend(ctx, second, func(b *book) error { return use(a, b) })
	})
}

// unreadable words a file that cannot be opened, as the command line does.
func unreadable(name string, err error) *problem.Problem {
	var inFile *heap.Error
	var onDisk *fs.PathError
	hint := ""
	switch {
	case errors.As(err, &inFile):
		hint = inFile.Hint
		named := *inFile
		named.Path = name // and not where an upload was put
		err = &named
	case errors.As(err, &onDisk):
		err, hint = fmt.Errorf("%s: %w", name, onDisk.Err), "is the file still there, and readable for this user?"
	}
	return problem.New(http.StatusUnprocessableEntity, fmt.Errorf("open snapshot: %w", err), hint)
}

// Only is the id of the snapshot when there is one alone.
func (s *Shelf) Only() (id string, ok bool) {
	if shown := s.list(); len(shown) == 1 {
		return shown[0].ID, true
	}
	return "", false
}
