package heap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/plumb-dev/plumb/heap/internal/column"
	"github.com/plumb-dev/plumb/heap/internal/decode"
)

// Open reads the snapshot at path: plain, gzip or zstd, told by the content.
// It uses the index beside the file when there is a fitting one and writes it
// otherwise, unless opts say no; failing to write it is not an error.
func Open(ctx context.Context, path string, opts Options) (*Snapshot, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err // names the path
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, &Error{
			Kind: ErrNotSnapshot, Path: path, Offset: -1, Detail: "it is a directory",
			Hint: "name one of the .heapsnapshot files in it",
		}
	}
	if !info.Mode().IsRegular() {
		opts.NoIndex = true
		s, err := Read(ctx, f, opts)
		return s, withPath(err, path)
	}
	s, err := open(ctx, f, path, opts)
	return s, withPath(err, path)
}

// Read reads a snapshot from a stream: plain, gzip or zstd. There is no index.
// When ctx ends, or the text is bad, it returns at once even if r waits for
// more; that last read of r goes on alone, so leave r to it.
func Read(ctx context.Context, r io.Reader, opts Options) (*Snapshot, error) {
	r, done := interruptible(ctx, r)
	defer done()
	return read(ctx, r, nil, 0, opts)
}

// open opens a regular file: from its index, or by reading it and then writing
// the index beside the caller's first use.
func open(ctx context.Context, f *os.File, path string, opts Options) (_ *Snapshot, err error) {
	key, err := indexKey(f)
	if err != nil {
		return nil, err
	}
	var magic [4]byte
	_, _ = f.ReadAt(magic[:], 0)
	packed := compressed(magic[:])
	var file []byte
	size := int64(0) // of the text; not known of a compressed one
	if !packed {
		size = key.Size
		if file, err = column.MapFile(f, key.Size); err != nil {
			return nil, fmt.Errorf("map %s: %w", path, err)
		}
		defer func() {
			if err != nil {
				_ = column.UnmapFile(file)
			}
		}()
	}
	var s *Snapshot
	if !opts.NoIndex {
		s, _ = loadIndex(path, key, file) // any error: read the snapshot itself
	}
	complete := s != nil
	if s == nil {
		if s, err = read(ctx, f, file, size, opts); err != nil {
			return nil, err
		}
	} else {
		for _, d := range opts.Derive {
			complete = complete && s.derived[d.Name] != nil
		}
		derivations, err := s.begin(ctx, opts.Derive)
		if err == nil {
			err = s.finish(ctx, derivations)
		}
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	if file != nil {
		s.mapped = append(s.mapped, file)
	}
	if !opts.NoIndex && !complete {
		s.saving = make(chan struct{})
		go func() {
			defer close(s.saving)
			_ = s.saveIndex(ctx, path, key, packed) // a cache: doing without is fine
		}()
	}
	return s, nil
}

// begun is a derivation that has begun.
type begun struct {
	name   string
	finish func(context.Context) ([]byte, error)
}

// begin begins the derivations that s does not have yet.
func (s *Snapshot) begin(ctx context.Context, derivations []Derivation) (all []begun, err error) {
	for _, d := range derivations {
		if s.derived[d.Name] != nil {
			continue
		}
		finish, err := d.Build(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("derive %s: %w", d.Name, err)
		}
		all = append(all, begun{d.Name, finish})
	}
	return all, nil
}

// finish finishes what has begun.
func (s *Snapshot) finish(ctx context.Context, all []begun) error {
	for _, d := range all {
		b, err := d.finish(ctx)
		if err != nil {
			return fmt.Errorf("derive %s: %w", d.name, err)
		}
		s.derived[d.name] = b
	}
	return nil
}

// read decodes and analyzes. file is the same text as a memory map, nil for a
// stream, whose strings are kept in memory instead.
func read(ctx context.Context, r io.Reader, file []byte, size int64, opts Options) (_ *Snapshot, err error) {
	progress := opts.Progress
	if progress == nil {
		progress = func(Progress) {}
	}
	s := &Snapshot{derived: map[string][]byte{}}
	defer func() {
		if err != nil {
			s.arena.Close()
		}
	}()
	if file == nil {
		plain, done, err := decompress(r)
		if err != nil {
			return nil, err
		}
		defer done()
		r = plain
	}
	progress(Progress{Phase: PhaseRead, Total: size})
	n := newNoticer()
	d, err := decode.Read(ctx, r, &s.arena, decode.Options{
		Size: size, KeepStrings: file == nil, Notice: n.notice,
		Progress: func(done int64) { progress(Progress{Phase: PhaseRead, Done: done, Total: size}) },
	})
	if err != nil {
		return nil, wrap(err)
	}
	if err := s.take(d, file, n); err != nil {
		return nil, wrap(err)
	}
	derivations, err := s.analyze(ctx, progress, opts.Derive)
	if err != nil {
		return nil, wrap(err)
	}
	progress(Progress{Phase: PhaseDerive})
	err = s.finish(ctx, derivations)
	s.arena.Trim(0)
	return s, err
}

func withPath(err error, path string) error {
	var e *Error
	if errors.As(err, &e) && e.Path == "" {
		e.Path = path
	}
	return err
}
