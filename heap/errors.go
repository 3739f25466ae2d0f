package heap

import (
	"errors"
	"fmt"
)

// The kinds of error that [Open] and [Read] return, for errors.Is. The error
// itself is an [*Error] with the place in the file and a hint.
var (
	// ErrNotSnapshot: the input is something else.
	ErrNotSnapshot = errors.New("not a heap snapshot")
	// ErrTruncated: the input ends too early.
	ErrTruncated = errors.New("heap snapshot is cut off")
	// ErrCorrupt: the input contradicts itself.
	ErrCorrupt = errors.New("heap snapshot is corrupt")
	// ErrTooBig: the input is past what this package can hold.
	ErrTooBig = errors.New("heap snapshot is too big")
)

// Error says what is wrong with an input.
type Error struct {
	Kind   error  // one of ErrNotSnapshot, ErrTruncated, ErrCorrupt, ErrTooBig
	Path   string // empty for a stream
	Offset int64  // byte of the (uncompressed) input, -1 when it has no place
	Detail string // what was found there
	Hint   string // what to do about it
}

// Error says path, kind, place and detail in one line, without the hint.
func (e *Error) Error() string {
	msg := e.Kind.Error()
	if e.Path != "" {
		msg = e.Path + ": " + msg
	}
	if e.Offset >= 0 {
		msg += fmt.Sprintf(" at byte %d", e.Offset)
	}
	if e.Detail != "" {
		msg += ": " + e.Detail
	}
	return msg
}

// Unwrap gives the kind to errors.Is.
func (e *Error) Unwrap() error { return e.Kind }
