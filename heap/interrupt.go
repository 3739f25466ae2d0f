package heap

import (
	"context"
	"io"
)

// interruptible reads r in such a way that the end of ctx ends it, too, also
// while r waits for bytes that may never come. The caller runs done when it
// needs no more; a read of r that waits then is left to itself.
func interruptible(ctx context.Context, r io.Reader) (_ io.Reader, done func()) {
	pipe, feed := io.Pipe()
	go func() {
		_, err := io.CopyBuffer(feed, r, make([]byte, 256<<10))
		_ = feed.CloseWithError(err)
	}()
	stop := context.AfterFunc(ctx, func() { _ = feed.CloseWithError(ctx.Err()) })
	return pipe, func() {
		stop()
		_ = pipe.Close()
	}
}
