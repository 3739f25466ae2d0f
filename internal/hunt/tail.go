package hunt

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"sync"
)

// tail keeps the last lines that a program prints, passes on what it gets, and
// tells when a line appears that is waited for.
type tail struct {
	mu    sync.Mutex
	also  io.Writer // gets everything; may be nil
	want  *regexp.Regexp
	found chan struct{} // closed at the first line that matches want
	part  []byte
	lines []string
}

// kept is how many lines an error quotes.
const kept = 20

func newTail(also io.Writer, want *regexp.Regexp) *tail {
	return &tail{also: also, want: want, found: make(chan struct{})}
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.also != nil {
		_, _ = t.also.Write(b) // the program must not feel it when that fails
	}
	t.part = append(t.part, b...)
	for {
		line, rest, ok := bytes.Cut(t.part, []byte("\n"))
		if !ok {
			break
		}
		t.line(string(bytes.TrimRight(line, "\r")))
		t.part = append(t.part[:0:0], rest...)
	}
	if len(t.part) > 1<<16 { // no line at all
		t.part = t.part[:0]
	}
	return len(b), nil
}

func (t *tail) line(line string) {
	if t.want != nil && t.want.MatchString(line) {
		t.want = nil
		close(t.found)
	}
	if strings.TrimSpace(line) == "" {
		return
	}
	if len(t.lines) == kept {
		t.lines = append(t.lines[:0], t.lines[1:]...)
	}
	t.lines = append(t.lines, line)
}

// String is the last lines.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := t.lines
	if rest := strings.TrimSpace(string(t.part)); rest != "" {
		lines = append(lines[:len(lines):len(lines)], rest)
	}
	return strings.Join(lines, "\n")
}
