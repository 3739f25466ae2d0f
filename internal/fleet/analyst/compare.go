package analyst

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/storage"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/report"
)

// errHopeless is about a case that fails the same way each time.
var errHopeless = errors.New("the snapshots cannot be compared")

// mostClasses is how many classes a result keeps: a message has a bound.
const mostClasses = 50

// compare gets the snapshots and has them compared.
func (a *analyst) compare(ctx context.Context, c *fleet.Case) (*leak.Result, error) {
	dir, err := os.MkdirTemp(a.Dir, "plumb-analyze-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := a.openBlobs(ctx); err != nil {
		return nil, err
	}
	about, err := a.context(ctx, c)
	if err != nil {
		return nil, err
	}
	var snapshots []*heap.Snapshot
	for _, s := range c.Snapshots {
		path := filepath.Join(dir, s.Hash+".heapsnapshot.zst")
		if err := a.get(ctx, c, s.File, path); err != nil {
			return nil, err
		}
		snapshot, err := heap.Open(ctx, path, heap.Options{NoIndex: true})
		if err != nil {
			return nil, hopeless(ctx, err)
		}
		defer snapshot.Close()
		_ = os.Remove(path) // the snapshot is in memory
		snapshots = append(snapshots, snapshot)
	}
	// A snapshot may name any path as a source: the files of this machine are none.
	result, err := leak.Find(ctx, snapshots, leak.Options{Requests: c.Requests, Scripts: about.Scripts, ReadSource: about.Read})
	if err != nil {
		return nil, hopeless(ctx, err)
	}
	result.Classes = result.Classes[:min(len(result.Classes), mostClasses)]
	return result, nil
}

// hopeless tells what the snapshots are to blame for from what the machine is.
func hopeless(ctx context.Context, err error) error {
	var wrong *heap.Error
	var order *leak.OrderError
	if ctx.Err() == nil && (errors.As(err, &wrong) || errors.As(err, &order)) {
		return fmt.Errorf("%w: %w", errHopeless, err)
	}
	return err
}

// open opens a file of a case, wherever it is, and decrypts it where that is needed. What
// was stored before the hub had a bucket is in JetStream still.
func (a *analyst) open(ctx context.Context, c *fleet.Case, f fleet.File) (io.ReadCloser, error) {
	var r io.ReadCloser
	err := storage.ErrNone
	if a.blobs != nil {
		r, err = a.blobs.Get(ctx, f)
	}
	if errors.Is(err, storage.ErrNone) {
		r, err = a.objects.Get(ctx, f)
	}
	if err != nil {
		return nil, err
	}
	whole := struct {
		io.Reader
		io.Closer
	}{storage.Checked(r, f), r}
	if !c.Sealed {
		return whole, nil
	}
	if len(a.Keys) == 0 {
		err = errors.New("this analyst has no key: --identity")
	} else if whole.Reader, err = age.Decrypt(whole.Reader, a.Keys...); err == nil {
		return whole, nil
	}
	return nil, errors.Join(fmt.Errorf("decrypt a file: %w", err), r.Close())
}

// get gets a file, whole or not at all.
func (a *analyst) get(ctx context.Context, c *fleet.Case, f fleet.File, path string) error {
	r, err := a.open(ctx, c, f)
	if errors.Is(err, storage.ErrNone) {
		return fmt.Errorf("%w: %w", errHopeless, err)
	}
	if err != nil {
		return err
	}
	defer r.Close()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, r)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("get a snapshot: %w", err)
	}
	return nil
}

// context reads what tells the places of the last snapshot.
func (a *analyst) context(ctx context.Context, c *fleet.Case) (*fleet.Context, error) {
	about := &fleet.Context{}
	if c.Context == nil {
		return about, nil
	}
	r, err := a.open(ctx, c, *c.Context)
	if errors.Is(err, storage.ErrNone) {
		return about, nil // lines are less exact then
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	dec, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	const most = 64 << 20
	if err := json.NewDecoder(io.LimitReader(dec, most)).Decode(about); err != nil {
		return nil, fmt.Errorf("read the scripts of a case: %w", err)
	}
	return about, nil
}

func line(r *leak.Result) string { return (&report.Report{Result: r}).Line() }
