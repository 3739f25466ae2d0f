package logfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Source says where lines come from.
type Source struct {
	App      string
	Instance int
	PID      int
	Stream   string // "out" or "err"
}

// Form is how lines are written. The zero value writes them as they are.
type Form struct {
	Date   DateFormat // before each line, with a colon, as PM2 does
	Prefix string     // before each line, as "api 0 | "
	JSON   bool       // one object per line instead; its time is UTC when Date is empty
}

// maxLine is how long a line may get before it is cut in two.
const maxLine = 64 << 10

// idle is how long a line may stay without its end before it is written: a
// prompt, or the last words of an app that hangs.
const idle = time.Second

// Stream is an [io.WriteCloser] for one output of an app. What it passes on are
// whole lines, one or more at a time. Its methods may be called by several
// goroutines.
type Stream struct {
	out    io.Writer
	source Source
	form   Form

	mu    sync.Mutex
	part  []byte // a line without its end
	ready []byte
	timer *time.Timer // that flushes part
}

// NewStream returns a Stream that writes to out.
func NewStream(out io.Writer, source Source, form Form) *Stream {
	s := &Stream{out: out, source: source, form: form}
	s.timer = time.AfterFunc(time.Hour, s.Flush)
	s.timer.Stop()
	return s
}

// Write takes any bytes. It returns the error of the writer behind it.
func (s *Stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for rest := p; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n')
		take, skip := end, end+1
		if end < 0 {
			take, skip = len(rest), len(rest)
		}
		if room := maxLine - len(s.part); take > room {
			take = wholeRunes(rest, room)
			skip, end = take, take
		}
		s.part = append(s.part, rest[:take]...)
		rest = rest[skip:]
		if end >= 0 {
			s.line(now)
		}
		if len(s.ready) > batch/2 {
			if err := s.pass(); err != nil {
				return len(p) - len(rest), err
			}
		}
	}
	if len(s.part) > 0 {
		s.timer.Reset(idle)
	}
	return len(p), s.pass()
}

// wholeRunes is how many of the first n bytes are whole characters; all of them
// when they are no text.
func wholeRunes(b []byte, n int) int {
	for i := n; i > n-utf8.UTFMax && i > 0; i-- {
		if utf8.RuneStart(b[i]) {
			return i
		}
	}
	return n
}

// Flush writes a line whose end has not come.
func (s *Stream) Flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush()
}

func (s *Stream) flush() {
	if len(s.part) > 0 {
		s.line(time.Now())
		_ = s.pass() // the next Write tells
	}
}

// Close flushes. It leaves the writer behind it open, which others use too.
func (s *Stream) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.timer.Stop()
	s.flush()
	return nil
}

// line makes a line of the text that has come.
func (s *Stream) line(now time.Time) {
	text := bytes.TrimSuffix(s.part, []byte("\r"))
	switch {
	case s.form.JSON:
		stamp := now.UTC().Format(timeLayout)
		if len(s.form.Date) > 0 {
			stamp = string(s.form.Date.Append(nil, now))
		}
		s.ready = append(s.ready, object(s.source, stamp, string(text))...)
	default:
		if len(s.form.Date) > 0 {
			s.ready = append(s.form.Date.Append(s.ready, now), ": "...)
		}
		s.ready = append(s.ready, s.form.Prefix...)
		s.ready = append(s.ready, text...)
	}
	s.ready = append(s.ready, '\n')
	s.part = s.part[:0]
	s.timer.Stop()
}

func (s *Stream) pass() error {
	if len(s.ready) == 0 {
		return nil
	}
	_, err := s.out.Write(s.ready)
	s.ready = s.ready[:0]
	return err
}

// timeLayout is RFC 3339 with milliseconds.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// object is a line as JSON.
func object(source Source, stamp, text string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(struct { // of such fields it cannot fail
		Time     string `json:"time"`
		App      string `json:"app"`
		Instance int    `json:"instance"`
		PID      int    `json:"pid"`
		Stream   string `json:"stream"`
		Message  string `json:"message"`
	}{stamp, source.App, source.Instance, source.PID, source.Stream, strings.ToValidUTF8(text, "\uFFFD")})
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Prefix is how a terminal names the source of a line, padded to width.
func (s Source) Prefix(width int) string {
	return fmt.Sprintf("%-*s | ", width, fmt.Sprintf("%s %d", s.App, s.Instance))
}
