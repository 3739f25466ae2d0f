// Package logfile writes what apps print: line by line, with the time, the app's
// name or as JSON, to a terminal or to files that rotate.
//
// A [Stream] is one output of one instance. It cuts bytes into lines and writes
// each as a whole, so that several streams can share a file or a terminal. A
// [File] takes lines and never keeps an app waiting for a disk: when the disk is
// full or does not answer, lines are dropped and counted, and said once; when it
// has room again the file says how many are missing.
//
// Rotation itself (names, counts, compression) is timberjack's.
package logfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/DeRuina/timberjack"
)

// Rotation says when a file is set aside for a new one, and what becomes of the
// old ones. The zero value never rotates.
type Rotation struct {
	Size     int64         // bytes; counted in whole MiB, rounded up
	Every    time.Duration // since the file was opened; a minute at least
	Keep     int           // old files; 0 keeps all
	KeepDays int           // 0 keeps them for ever
	Compress string        // "gzip", "zstd" or "" for neither
}

// Options are those of [Open].
type Options struct {
	Mode     os.FileMode // of new files; 0 is 0600
	Rotation Rotation
	JSON     bool // what the file itself has to say is an object too
	// Say is told once when lines begin to be dropped, and once when it is over.
	// It is called by one goroutine at a time.
	Say func(message string)
}

const (
	defaultMode = 0o600
	mib         = 1 << 20
	unlimited   = 1 << 30 // MiB
	batch       = 256 << 10
	patience    = time.Second // that a full disk or a slow one may keep an app waiting
	retry       = time.Second // between two tries to write to a full disk
)

// File is a log file. Its methods may be called by several goroutines.
type File struct {
	path string
	out  io.WriteCloser
	say  func(string)
	json bool

	mu      sync.Mutex
	pending []byte        // whole lines that wait to be written
	room    chan struct{} // closed when pending has been taken; nil when nobody waits
	late    bool          // a writer has lost its patience, until pending is taken
	dropped int64         // lines
	closed  bool

	wake chan struct{}
	done chan struct{}

	cut     bool // the last line in the file is not whole
	failure error
	failed  time.Time
	missing int64 // lines that the file has not been told of
}

// Open opens the file at path for appending. Its folder is made when it is not
// there. What is no regular file, as /dev/stdout or a pipe, is not rotated.
func Open(path string, opts Options) (*File, error) {
	if opts.Mode == 0 {
		opts.Mode = defaultMode
	}
	out, err := open(path, opts)
	if err != nil {
		return nil, fmt.Errorf("open log file %s: %w", path, pathless(err))
	}
	return start(path, out, opts), nil
}

func open(path string, opts Options) (io.WriteCloser, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	// What cannot be appended to is said now, and not moved aside later.
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, opts.Mode)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return file, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	r := opts.Rotation
	switch {
	case r.Compress != "" && r.Compress != "gzip" && r.Compress != "zstd":
		return nil, fmt.Errorf("no compression %q: choose gzip or zstd", r.Compress)
	case r.Size < 0 || r.Every < 0 || r.Keep < 0 || r.KeepDays < 0:
		return nil, errors.New("rotation by less than 0")
	case r.Compress == "":
		r.Compress = "none"
	}
	size := unlimited
	if r.Size > 0 {
		size = int(min((r.Size+mib-1)/mib, unlimited))
	}
	return &timberjack.Logger{
		Filename: path, FileMode: opts.Mode,
		MaxSize: size, MaxBackups: r.Keep, MaxAge: r.KeepDays, RotationInterval: r.Every, Compression: r.Compress,
	}, nil
}

func start(path string, out io.WriteCloser, opts Options) *File {
	f := &File{path: path, out: out, say: opts.Say, json: opts.JSON, wake: make(chan struct{}, 1), done: make(chan struct{})}
	if f.say == nil {
		f.say = func(string) {}
	}
	go f.run()
	return f
}

// Write takes whole lines. It returns at once as long as the disk follows, and
// after a second at the latest: then the lines are dropped. It never fails, so
// that an app's output is never closed for the sake of a log.
func (f *File) Write(lines []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	deadline := time.Now().Add(patience)
	for !f.closed && !f.late && len(f.pending) > 0 && len(f.pending)+len(lines) > batch {
		f.wait(time.Until(deadline))
		if !time.Now().Before(deadline) {
			f.late = true
		}
	}
	if f.closed || f.late {
		f.dropped += count(lines)
		return len(lines), nil
	}
	f.pending = append(f.pending, lines...)
	select {
	case f.wake <- struct{}{}:
	default:
	}
	return len(lines), nil
}

// wait lets go of the lock until the pending lines are taken, or time is up.
func (f *File) wait(d time.Duration) {
	if f.room == nil {
		f.room = make(chan struct{})
	}
	room := f.room
	f.mu.Unlock()
	timer := time.NewTimer(d)
	select {
	case <-room:
	case <-timer.C:
	}
	timer.Stop()
	f.mu.Lock()
}

// Dropped is how many lines did not reach the file so far.
func (f *File) Dropped() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dropped
}

// Close writes what is pending and closes the file. A disk that does not answer
// keeps it waiting for a few seconds, no longer.
func (f *File) Close() error {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return nil
	}
	f.closed = true
	f.mu.Unlock()
	close(f.wake)
	timer := time.NewTimer(5 * patience)
	defer timer.Stop()
	select {
	case <-f.done:
		return nil
	case <-timer.C:
		return fmt.Errorf("close log file %s: the disk does not answer", f.path)
	}
}

func count(lines []byte) int64 {
	var n int64
	for _, b := range lines {
		if b == '\n' {
			n++
		}
	}
	return n
}

func pathless(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
