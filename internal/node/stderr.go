package node

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// inspectorFilter passes a program's standard error on, without the lines that
// the inspector writes there, and reads the inspector's URL from them. What
// cannot be such a line is passed on at once: prompts have no line end.
type inspectorFilter struct {
	out io.Writer
	url chan string // gets the first URL
	off bool        // pass everything on: no inspector of ours is there

	mu      sync.Mutex
	told    bool     // the first URL
	forked  []string // the URLs that came later
	refused []string // HOST:PORT at which a forked process could open none
	held    []byte   // the start of a line that may be the inspector's
	passing bool     // the rest of the line is the program's
	tail    []byte   // what was passed on last, for error messages
}

func newInspectorFilter(out io.Writer) *inspectorFilter {
	if out == nil {
		out = io.Discard
	}
	return &inspectorFilter{out: out, url: make(chan string, 1)}
}

// inspectorLines are how such lines begin, in Node.js (src/inspector_socket_server.cc,
// src/inspector_agent.cc) and Deno.
var inspectorLines = []string{
	"Debugger listening on ws://",
	"For help, see: https://nodejs.org/",
	"Debugger attached.",
	"Debugger ending on ws://",
	"Waiting for the debugger to disconnect...",
	"Visit chrome://inspect to connect to the debugger.",
	"Debugger session started.",
	"Debugger session ended",
	"Starting inspector on ",
}

var (
	listeningLine = regexp.MustCompile(`^Debugger listening on (ws://\S+)`)
	// A worker of node:cluster is given the port behind its parent's, which may be
	// taken.
	refusedLine = regexp.MustCompile(`^Starting inspector on (\S+) failed`)
)

func (f *inspectorFilter) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(p)
	if f.off {
		return n, f.pass(p)
	}
	for len(p) > 0 {
		line, rest, whole := bytes.Cut(p, []byte("\n"))
		if whole {
			line = p[:len(line)+1]
		}
		p = rest
		if err := f.add(line, whole); err != nil {
			return n, err
		}
	}
	return n, nil
}

// add takes a piece of a line; whole when the line ends with it.
func (f *inspectorFilter) add(piece []byte, whole bool) error {
	if f.passing {
		f.passing = !whole
		return f.pass(piece)
	}
	f.held = append(f.held, piece...)
	mine, possible := isInspectorLine(string(f.held))
	switch {
	case mine && !whole, possible && !whole:
		return nil
	case mine && !f.told && refusedLine.Match(f.held):
		held := f.held
		f.held = nil
		return f.pass(held) // of the program itself: why it ends
	case mine:
		switch m := listeningLine.FindSubmatch(f.held); {
		case m == nil:
		case !f.told:
			f.told = true
			f.url <- string(m[1])
		default: // that of a process which the program forked
			f.forked = append(f.forked, string(m[1]))
		}
		if m := refusedLine.FindSubmatch(f.held); m != nil && f.told {
			f.refused = append(f.refused, string(m[1]))
		}
		f.held = f.held[:0]
		return nil
	default:
		f.passing = !whole
		held := f.held
		f.held = nil
		return f.pass(held)
	}
}

// forkedURLs are the inspectors of processes that the program forked before we
// could take our flags from what it hands down; refused is where others could
// open none.
func (f *inspectorFilter) forkedURLs() (urls, refused []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.forked), slices.Clone(f.refused)
}

// isInspectorLine tells whether a line begins as one of the inspector's does,
// and whether it may when more of it is there.
func isInspectorLine(line string) (mine, possible bool) {
	for _, start := range inspectorLines {
		mine = mine || strings.HasPrefix(line, start)
		possible = possible || strings.HasPrefix(start, line)
	}
	return mine, possible
}

// tailLength holds the stack that V8 prints behind its last words.
const tailLength = 8192

func (f *inspectorFilter) pass(p []byte) error {
	f.tail = append(f.tail, p...)
	f.tail = f.tail[max(0, len(f.tail)-tailLength):]
	_, err := f.out.Write(p)
	return err
}

// flush passes on what is held when the program has ended.
func (f *inspectorFilter) flush() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if mine, _ := isInspectorLine(string(f.held)); !mine && len(f.held) > 0 {
		_ = f.pass(f.held)
	}
	f.held = nil
}

// lastWords is the line that says most about why a program ended: that of the
// error, or else the last.
func (f *inspectorFilter) lastWords() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	last := ""
	for line := range strings.Lines(colours.ReplaceAllString(string(f.tail), "")) {
		line = strings.TrimSpace(line)
		if errorLine.MatchString(line) {
			return line
		}
		if line != "" && !strings.HasPrefix(line, "Node.js v") {
			last = line
		}
	}
	return last
}

// fatal is the reason that V8 gives when it ends the process itself.
func (f *inspectorFilter) fatal() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if m := fatalLine.FindAllSubmatch(f.tail, -1); m != nil {
		return string(m[len(m)-1][1])
	}
	return ""
}

var (
	fatalLine = regexp.MustCompile(`(?m)^(?:# ?)?(?:FATAL ERROR:|Fatal process|Fatal JavaScript) (.*?)\r?$`)
	errorLine = regexp.MustCompile(`^(error: )?(Uncaught |\(in promise\) )*(\w*Error|npm error)\b.*:? `)
	colours   = regexp.MustCompile(`\x1b\[[\d;]*m`)
)
