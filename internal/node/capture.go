package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// CaptureOptions are those of a heap snapshot.
type CaptureOptions struct {
	Label    string // goes into the record
	Numeric  bool   // record the values of numbers too: about 12 % more bytes
	Zstd     bool   // compress: about 15 times smaller
	Force    bool   // capture although memory is short
	Progress func(CaptureProgress)
}

// CaptureProgress tells how far a capture is. The program walks its heap first
// and writes afterwards.
type CaptureProgress struct {
	Objects, TotalObjects int
	Bytes                 int64 // written so far, before compression
}

// captureTimeout bounds a capture whose context has no deadline: 5 million
// objects take up to 45 seconds.
const captureTimeout = 30 * time.Minute

// Capture writes a heap snapshot to the file at path, and a [Record] beside it,
// in path + ".json". The program stands still meanwhile. The file appears under
// its name only when it is whole; an older one is replaced. Both have mode 0600,
// because a snapshot holds every secret of the program.
//
// When the snapshot could cost the program its life, Capture refuses with
// [ErrHeadroom].
func (t *Thread) Capture(ctx context.Context, path string, opts CaptureOptions) (*Record, error) {
	op := t.op("capture snapshot of")
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, captureTimeout)
		defer cancel()
	}
	before, err := t.Memory(ctx)
	if err != nil {
		return nil, err
	}
	if !opts.Force {
		if err := t.checkHeadroom(before); err != nil {
			return nil, &Error{op, err, "free memory, or use --force if the program may be killed"}
		}
	}
	record := &Record{
		PID: t.process.info.PID, Runtime: t.process.info.Runtime, NodeVersion: t.process.info.NodeVersion,
		V8Version: t.process.info.V8Version, CommandLine: t.process.info.CommandLine, Worker: t.ID,
		Label: opts.Label, Time: time.Now().UTC(), Memory: RecordMemory{Before: before},
	}
	file, err := createPartial(filepath.Dir(path))
	if err != nil {
		return nil, diskError(op, path, err)
	}
	defer os.Remove(file.Name()) // fails when it got its name
	defer file.Close()
	if record.Bytes, err = t.writeSnapshot(ctx, file, opts); err != nil {
		return nil, diskError(op, path, err)
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return nil, diskError(op, path, err)
	}
	t.complete(ctx, record)
	if err := record.write(path + ".json"); err != nil {
		return nil, diskError(op, path, err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		_ = os.Remove(path + ".json")
		return nil, diskError(op, path, err)
	}
	return record, nil
}

// complete adds what is asked after the capture. Without it the snapshot is
// still worth keeping.
func (t *Thread) complete(ctx context.Context, record *Record) {
	if after, err := t.Memory(ctx); err == nil {
		record.Memory.After = &after
	}
	record.Scripts = []RecordScript{}
	if scripts, err := t.Scripts(ctx); err == nil {
		record.addScripts(scripts)
	}
}

// writeSnapshot returns the snapshot's length in bytes before compression.
func (t *Thread) writeSnapshot(ctx context.Context, file io.Writer, opts CaptureOptions) (int64, error) {
	out := io.WriteCloser(nopCloser{file})
	if opts.Zstd {
		var err error
		// One encoder with a small window: plumb may be a guest on a small machine.
		if out, err = zstd.NewWriter(file, zstd.WithEncoderLevel(zstd.SpeedFastest),
			zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true)); err != nil {
			return 0, err
		}
	}
	w := &snapshotWriter{out: out, progress: opts.Progress}
	err := t.session.TakeHeapSnapshot(ctx, w, inspector.SnapshotOptions{Numeric: opts.Numeric, Progress: w.objects})
	if err == nil {
		err = w.check()
	}
	return w.state.Bytes, errors.Join(err, out.Close())
}

// snapshotWriter counts the bytes and keeps the ends of what it passes on.
type snapshotWriter struct {
	out        io.Writer
	progress   func(CaptureProgress)
	state      CaptureProgress
	head, tail []byte
}

const (
	snapshotHead = `{"snapshot":`
	tailSize     = 16
)

func (w *snapshotWriter) Write(p []byte) (int, error) {
	n, err := w.out.Write(p)
	w.state.Bytes += int64(n)
	if missing := len(snapshotHead) - len(w.head); missing > 0 {
		w.head = append(w.head, p[:min(missing, len(p))]...)
	}
	w.tail = append(w.tail, p[max(0, len(p)-tailSize):]...)
	w.tail = w.tail[max(0, len(w.tail)-tailSize):]
	w.report()
	return n, err
}

func (w *snapshotWriter) objects(done, total int) {
	w.state.Objects, w.state.TotalObjects = done, total
	w.report()
}

func (w *snapshotWriter) report() {
	if w.progress != nil {
		w.progress(w.state)
	}
}

// check holds that the JSON is complete: V8 writes the array of strings last.
func (w *snapshotWriter) check() error {
	tail := strings.Join(strings.Fields(string(w.tail)), "")
	if !bytes.Equal(w.head, []byte(snapshotHead)) || !strings.HasSuffix(tail, `]}`) {
		return fmt.Errorf("%w: %d bytes came, without the end", ErrIncomplete, w.state.Bytes)
	}
	return nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// diskError words an error of writing to path; others it leaves to explain.
func diskError(op, path string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return &Error{op, fmt.Errorf("write %s: %w", path, err), "free some disk space, write elsewhere (-o), or compress with --zstd"}
	case errors.Is(err, os.ErrPermission):
		return &Error{op, fmt.Errorf("write %s: %w", path, err), "choose a writable directory with -o"}
	case errors.Is(err, os.ErrNotExist):
		return &Error{op, fmt.Errorf("write %s: %w", path, err), "create the directory first"}
	default:
		return explain(op, err)
	}
}
