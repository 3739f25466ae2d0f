package node

import (
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
)

// terminal is a pseudo terminal to which a program writes, and from which we read.
// Nobody types into it, and it changes nothing of what is written.
type terminal struct {
	like         *os.File // its size is that of this one
	ours, theirs *os.File
	resized      chan os.Signal
	copied       chan struct{} // closed when all is written to where it belongs
}

func openTerminal(like *os.File) (*terminal, error) {
	ours, theirs, err := pty.Open()
	if err != nil {
		return nil, fmt.Errorf("open a terminal: %w", err)
	}
	t := &terminal{like: like, ours: ours, theirs: theirs, resized: make(chan os.Signal, 1), copied: make(chan struct{})}
	_ = pty.InheritSize(like, ours) // a terminal without a size is one as well
	if _, err := term.MakeRaw(theirs.Fd()); err != nil {
		t.close()
		return nil, fmt.Errorf("open a terminal: %w", err)
	}
	return t, nil
}

// serve copies what the program writes, and follows the size until close. The
// program may have been told of a new size before its terminal had it: it is told
// again.
func (t *terminal) serve(out io.Writer, program *os.Process) {
	_ = t.theirs.Close() // the program has it
	go func() {
		defer close(t.copied)
		_, _ = io.Copy(out, t.ours) // its end is an error: nobody has the other side any more
	}()
	signal.Notify(t.resized, windowChanged)
	go func() {
		for range t.resized {
			_ = pty.InheritSize(t.like, t.ours)
			_ = program.Signal(windowChanged)
		}
	}()
}

func (t *terminal) close() {
	signal.Stop(t.resized)
	close(t.resized)
	_ = t.ours.Close()
	_ = t.theirs.Close()
}
