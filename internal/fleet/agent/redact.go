package agent

import (
	"context"
	"errors"
	"os"

	"github.com/klauspost/compress/zstd"

	"github.com/plumb-dev/plumb/heap"
)

// redact writes a snapshot without what its strings say, compressed.
func redact(ctx context.Context, from, to string) error {
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	// The same snapshot gives the same bytes, which are its name.
	enc, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1))
	if err == nil {
		_, err = heap.Redact(ctx, from, enc)
		err = errors.Join(err, enc.Close())
	}
	return errors.Join(err, out.Close())
}
