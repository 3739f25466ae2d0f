package decode

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// blockSize is the unit of reading and of a worker's share: it and the numbers
// in it fit the second-level cache.
const blockSize = 256 << 10

// scanner walks the JSON text of a stream with one block of it in memory.
type scanner struct {
	ctx    context.Context
	r      io.Reader
	buf    []byte // the block
	pos    int    // next byte
	end    int    // behind the last byte
	offset int64  // of buf[0] in the text
	late   error  // of the last read, which may have brought something
	err    error  // why reading stopped; io.EOF at the end
	report func(done int64)
	size   int64 // of the text, 0 when not known
}

func newScanner(ctx context.Context, r io.Reader, size int64, report func(int64)) *scanner {
	return &scanner{ctx: ctx, r: r, buf: make([]byte, blockSize), size: size, report: report}
}

// atMost is how many items of that many bytes the rest of the text can hold;
// with an unknown size a first guess. Room that is not used costs nothing.
func (s *scanner) atMost(bytes int64) int {
	return int(max(s.size-s.at(), 0)/bytes) + 64
}

// at is the position of the next byte in the text.
func (s *scanner) at() int64 { return s.offset + int64(s.pos) }

// fill reads more behind end, moving the unread rest to the front first. It
// returns false at the end of the text.
func (s *scanner) fill() bool {
	if s.err != nil {
		return false
	}
	if err := s.ctx.Err(); err != nil {
		s.err = err
		return false
	}
	copy(s.buf, s.buf[s.pos:s.end])
	s.offset += int64(s.pos)
	s.end -= s.pos
	s.pos = 0
	s.read()
	return s.err == nil
}

// read fills the buffer from end on. An error counts only when there was
// nothing more to read before it: it is kept for the next call.
func (s *scanner) read() {
	from := s.end
	for s.end < len(s.buf) && s.late == nil {
		var n int
		n, s.late = s.r.Read(s.buf[s.end:])
		s.end += n
	}
	if s.end == from {
		s.err = s.late
	}
	s.report(s.offset + int64(s.end))
}

// stopped tells why the text ended before what.
func (s *scanner) stopped(what string) error {
	if errors.Is(s.err, io.EOF) || s.err == nil {
		return truncated(s.at(), "the file ends inside %s", what)
	}
	return fmt.Errorf("read %s at byte %d: %w", what, s.at(), s.err)
}

// peek skips white space and returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	for {
		for s.pos < s.end {
			switch c := s.buf[s.pos]; c {
			case ' ', '\t', '\r', '\n':
				s.pos++
			default:
				return c
			}
		}
		if !s.fill() {
			return 0
		}
	}
}

// expect consumes c after white space.
func (s *scanner) expect(c byte, what string) error {
	switch got := s.peek(); {
	case got == c:
		s.pos++
		return nil
	case got == 0 && s.pos == s.end:
		return s.stopped(what)
	default:
		return corrupt(s.at(), "%q where %s needs %q", got, what, c)
	}
}

// key reads a member's name; V8's have no escapes.
func (s *scanner) key() (string, error) {
	if err := s.expect('"', "a member's name"); err != nil {
		return "", err
	}
	var name []byte
	for {
		if s.pos == s.end && !s.fill() {
			return "", s.stopped("a member's name")
		}
		if i := bytes.IndexByte(s.buf[s.pos:s.end], '"'); i >= 0 {
			name = append(name, s.buf[s.pos:s.pos+i]...)
			s.pos += i + 1
			return string(name), nil
		}
		name = append(name, s.buf[s.pos:s.end]...)
		s.pos = s.end
		if len(name) > 1<<16 {
			return "", corrupt(s.at(), "a member's name is longer than 64 kB")
		}
	}
}

// value passes over any JSON value and hands its bytes to keep, piece by
// piece; keep may be nil.
func (s *scanner) value(what string, keep func([]byte) error) error {
	depth, inString, escaped := 0, false, false
	if s.peek() == 0 && s.pos == s.end {
		return s.stopped(what)
	}
	for {
		i := s.pos
		done := false
	piece:
		for ; i < s.end; i++ {
			c := s.buf[i]
			switch {
			case escaped:
				escaped = false
			case inString && c == '\\':
				escaped = true
			case c == '"':
				inString = !inString
				if !inString && depth == 0 {
					i++
					done = true
					break piece
				}
			case inString:
			case c == '{' || c == '[':
				depth++
			case (c == '}' || c == ']' || c == ',') && depth == 0:
				done = true // the end of a bare number or word
				break piece
			case c == '}' || c == ']':
				depth--
				if depth == 0 {
					i++
					done = true
					break piece
				}
			}
		}
		if keep != nil {
			if err := keep(s.buf[s.pos:i]); err != nil {
				return err
			}
		}
		s.pos = i
		if done {
			return nil
		}
		if !s.fill() {
			return s.stopped(what)
		}
	}
}
