package terminal

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// ExitStatus ends a command that did its work with an exit code of its own.
// Nothing is printed for it: the result has said it already.
type ExitStatus int

// The exit codes of plumb besides 0.
const (
	FoundLeak         ExitStatus = 1
	NotEnoughEvidence ExitStatus = 3

	failed = 2 // every other error
)

func (s ExitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// hintedError is an error with what the user can do about it.
type hintedError struct {
	err  error
	hint string
}

func (e *hintedError) Error() string { return e.err.Error() }
func (e *hintedError) Unwrap() error { return e.err }

// WithHint adds a hint to an error; nil stays nil.
func WithHint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &hintedError{err: err, hint: fmt.Sprintf(format, args...)}
}

// UsageError is a mistake on the command line of cmd.
func UsageError(cmd *cobra.Command, format string, args ...any) error {
	return WithHint(fmt.Errorf(format, args...), "see %q", cmd.CommandPath()+" --help")
}

// Report prints err as "error:" and "hint:" lines and returns the exit code.
func (ui *UI) Report(ctx context.Context, err error) int {
	var status ExitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		err = WithHint(errors.New("interrupted"), "run the command again for the whole result")
	}
	label := func(s string, colour ansi.Color) string {
		return ui.PaintFor(ui.Err, ansi.Style{}.Bold().ForegroundColor(colour), s)
	}
	fmt.Fprintln(ui.Err, label("error:", ansi.Red), Printable(err.Error()))
	for _, hint := range HintsOf(err) {
		fmt.Fprintln(ui.Err, label("hint:", ansi.Cyan), Printable(hint))
	}
	return failed
}

// adviser is an error of a package that would be too much for a program that shows
// no errors of it: a JavaScript engine, a Prometheus server.
type adviser interface{ Advice() string }

// HintsOf collects the hints of err, the outermost first.
func HintsOf(err error) []string {
	var hints []string
	for err != nil {
		switch e := err.(type) { //nolint:errorlint // each link of the chain is looked at in turn
		case *hintedError:
			hints = append(hints, e.hint)
		case *heap.Error:
			hints = append(hints, e.Hint)
		case *node.Error:
			hints = append(hints, e.Hint)
		case *supervise.Error:
			hints = append(hints, e.Hint)
		case adviser:
			hints = append(hints, e.Advice())
		}
		err = errors.Unwrap(err)
	}
	return strings.FieldsFunc(strings.Join(hints, "\n"), func(r rune) bool { return r == '\n' })
}

// Printable makes text safe and one line long for a terminal: snapshots hold
// any text at all, escape sequences included.
func Printable(s string) string {
	s = wtf8.Clean(s)
	if strings.IndexFunc(s, isControl) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case isControl(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isControl finds what moves the cursor or turns the direction of writing.
func isControl(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x2028 || r == 0x2029
}
