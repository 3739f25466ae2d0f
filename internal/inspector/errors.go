package inspector

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrGone: the target closed the connection: it ended, crashed or closed
	// its inspector.
	ErrGone = errors.New("the connection to the inspector is lost")
	// ErrClosed: the connection was closed by us.
	ErrClosed = errors.New("the connection to the inspector is closed")
)

// TimeoutError is a call that was not answered in time, most often because the
// target's event loop is blocked.
type TimeoutError struct {
	Method string
	After  time.Duration
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("no answer to %s within %s", e.Method, e.After.Round(time.Millisecond))
}

// Timeout makes it a timeout in the sense of package net.
func (e *TimeoutError) Timeout() bool { return true }

// ProtocolError is an answer that says no.
type ProtocolError struct {
	Method  string
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *ProtocolError) Error() string { return e.Method + ": " + e.Message }

// methodNotFound is the code of JSON-RPC for a method that the target lacks.
const methodNotFound = -32601

// NotSupported tells whether err is a target's answer that it lacks a method.
func NotSupported(err error) bool {
	var e *ProtocolError
	return errors.As(err, &e) && e.Code == methodNotFound
}

// ExceptionError is an evaluated expression that threw.
type ExceptionError struct{ Text string }

func (e *ExceptionError) Error() string { return "evaluate: " + e.Text }
