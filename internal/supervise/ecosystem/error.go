package ecosystem

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Position is a place in a configuration file. Line and Column count from 1 and
// are 0 when they are not known.
type Position struct {
	File         string
	Line, Column int
}

// String is the position as compilers write it: "file:4:7".
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
}

// Error is a mistake in a configuration file.
type Error struct {
	Position
	App   string // "" when it is about the whole file
	Field string // as the file spells it, "" when it is about no field
	Err   error
	Hint  string // what to do

	lacking bool // plumb's own JavaScript could not do it, node may
}

// Error is "read FILE:LINE: app "api": max_memory_restart: ...".
func (e *Error) Error() string {
	return "read " + e.Position.String() + ": " + about(e.App, e.Field) + e.Err.Error()
}

// Unwrap returns what went wrong.
func (e *Error) Unwrap() error { return e.Err }

// Advice is the hint, for whoever shows errors.
func (e *Error) Advice() string { return e.Hint }

// Warning is something in a configuration file that plumb does not act on.
type Warning struct {
	Position
	App, Field, Message string
}

// String is the warning as one line.
func (w Warning) String() string {
	return w.Position.String() + ": " + about(w.App, w.Field) + w.Message
}

func about(app, field string) string {
	var b strings.Builder
	if app != "" {
		fmt.Fprintf(&b, "app %q: ", app)
	}
	if field != "" {
		b.WriteString(field + ": ")
	}
	return b.String()
}

// cause is an error of the file system without the path, which is said already.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
