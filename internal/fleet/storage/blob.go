package storage

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob" // azblob://
	_ "gocloud.dev/blob/fileblob"  // file://
	_ "gocloud.dev/blob/gcsblob"   // gs://
	_ "gocloud.dev/blob/s3blob"    // s3://
	"gocloud.dev/gcerrors"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// Blobs is a store in a bucket outside of NATS: a folder, S3, Google Cloud Storage,
// Azure.
type Blobs struct{ bucket *blob.Bucket }

// OpenBlobs opens the bucket of a URL, whose credentials the environment has.
func OpenBlobs(ctx context.Context, url string) (*Blobs, error) {
	const hint = "file:///FOLDER, s3://BUCKET, gs://BUCKET or azblob://CONTAINER, with the credentials where the cloud's own programs look for them"
	bucket, err := blob.OpenBucket(ctx, url)
	if err != nil {
		return nil, &fleet.Error{Err: fmt.Errorf("open the snapshots at %s: %w", url, err), Hint: hint}
	}
	ok, err := bucket.IsAccessible(ctx)
	if err == nil && !ok {
		err = errors.New("it is not there, or not for us")
	}
	if err != nil {
		return nil, &fleet.Error{Err: errors.Join(fmt.Errorf("open the snapshots at %s: %w", url, err), bucket.Close()), Hint: hint}
	}
	return &Blobs{bucket}, nil
}

// Close ends the use of the bucket.
func (b *Blobs) Close() error { return b.bucket.Close() }

// key is a file's name in the bucket. Folders stay small.
func key(f fleet.File) string { return f.Hash[:min(2, len(f.Hash))] + "/" + f.Hash }

// Put implements [Store].
func (b *Blobs) Put(ctx context.Context, f fleet.File, r io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := b.bucket.NewWriter(ctx, key(f), nil)
	if err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	if _, err := io.Copy(w, r); err != nil {
		cancel() // nothing of it appears
		_ = w.Close()
		return fmt.Errorf("store a file: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	return nil
}

// Get implements [Store].
func (b *Blobs) Get(ctx context.Context, f fleet.File) (io.ReadCloser, error) {
	r, err := b.bucket.NewReader(ctx, key(f), nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("get a file: %w", err)
	}
	return r, nil
}
