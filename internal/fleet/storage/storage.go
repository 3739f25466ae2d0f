// Package storage keeps the files of cases by their hash, where the hub puts them and
// analysts get them.
package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// Store keeps files. What is put again replaces what is there.
type Store interface {
	Put(ctx context.Context, f fleet.File, r io.Reader) error
	// Get gives a file; [ErrNone] when it is not there.
	Get(ctx context.Context, f fleet.File) (io.ReadCloser, error)
}

var (
	// ErrNone says that a file is not there, or no longer.
	ErrNone = errors.New("the file is not stored")
	// ErrHash says that a file is not what its name says.
	ErrHash = errors.New("the file is not what its hash says")
)

// Objects is a store in JetStream's object store.
type Objects struct{ Bucket jetstream.ObjectStore }

// Put implements [Store].
func (o Objects) Put(ctx context.Context, f fleet.File, r io.Reader) error {
	if _, err := o.Bucket.Put(ctx, jetstream.ObjectMeta{Name: f.Hash}, r); err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	return nil
}

// Get implements [Store].
func (o Objects) Get(ctx context.Context, f fleet.File) (io.ReadCloser, error) {
	r, err := o.Bucket.Get(ctx, f.Hash)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("get a file: %w", err)
	}
	return r, nil
}

// Checked passes a file on and ends it with [ErrHash], in place of [io.EOF], when it is
// not what its hash says.
func Checked(r io.Reader, f fleet.File) io.Reader { return &checked{r, f, sha256.New(), 0} }

type checked struct {
	r    io.Reader
	file fleet.File
	hash hash.Hash
	n    int64
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.hash.Write(p[:n])
	c.n += int64(n)
	if errors.Is(err, io.EOF) && (c.n != c.file.Bytes || hex.EncodeToString(c.hash.Sum(nil)) != c.file.Hash) {
		return n, ErrHash
	}
	return n, err
}
