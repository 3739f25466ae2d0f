package node

import (
	"errors"
	"fmt"
	"os/exec"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// Kinds of failure, for errors.Is.
var (
	ErrNoProcess   = errors.New("no such process")
	ErrNotNode     = errors.New("not a Node.js process")
	ErrPermission  = errors.New("not permitted")
	ErrUnsupported = errors.New("not supported")
	ErrNoInspector = errors.New("no inspector answers")
	ErrPortTaken   = errors.New("the inspector's port is taken")
	ErrBusy        = errors.New("the program does not answer")
	ErrGone        = errors.New("the connection to the program is lost")
	ErrEnded       = errors.New("the program ended")
	ErrHeadroom    = errors.New("too little free memory for a snapshot")
	ErrIncomplete  = errors.New("the snapshot is incomplete")
)

// Error is a failure of this package with what can be done about it.
type Error struct {
	Op   string // what was tried, on what: "attach to 1234"
	Err  error  // wraps one of the kinds, where there is one
	Hint string // "" where nothing can be done
}

func (e *Error) Error() string { return e.Op + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// explain words an error of the inspector.
func explain(op string, err error) error {
	var timeout *inspector.TimeoutError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &timeout):
		return &Error{op, fmt.Errorf("%w: %w", ErrBusy, err), "its event loop is blocked, or it is stopped: try again when it is less busy"}
	case errors.Is(err, inspector.ErrClosed): // by us, when it was at its end
		return &Error{op, fmt.Errorf("%w: %w", ErrGone, ErrEnded), "it ended by itself: see its own output"}
	case errors.Is(err, inspector.ErrGone):
		return &Error{op, fmt.Errorf("%w: %w", ErrGone, err), "it ended, was killed, or closed its inspector: see its own output"}
	default:
		return fmt.Errorf("%s: %w", op, err)
	}
}

// missing words a program that cannot be started.
func missing(op, program string, err error) error {
	hint := "check that it exists and is executable"
	if errors.Is(err, exec.ErrNotFound) {
		hint = "install " + program + " or put it on the PATH"
	}
	return &Error{op, err, hint}
}
