package lint

import (
	"context"
	"fmt"
	"time"
)

// maxTime bounds the look at one file, from its parsing to the last rule. A source as
// large as one may be takes a second.
const maxTime = 20 * time.Second

// within waits for look, until ctx is done or the limit is over; what look panics with
// is its error, so that the other files are still looked at.
//
// Neither the parsers nor the rules take a context, and there are texts on which they
// go back and forth for ever, or as good as. Such a look is left alone: it may write to
// nothing but what it returns.
func within[T any](ctx context.Context, limit time.Duration, look func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if bug := recover(); bug != nil {
				o.err = fmt.Errorf("%s: %v", bugOfPlumb, bug)
			}
			done <- o
		}()
		o.value, o.err = look()
	}()
	late := time.NewTimer(limit)
	defer late.Stop()
	var none T
	select {
	case o := <-done:
		return o.value, o.err
	case <-late.C:
		return none, fmt.Errorf("it takes longer than %s to look at", limit)
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

const bugOfPlumb = "a bug of plumb, please report it with the file"
