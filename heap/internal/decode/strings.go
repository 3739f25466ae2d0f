package decode

import (
	"bytes"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// Strings says where the strings of a snapshot begin. Their text is JSON, as
// it stands in the file.
type Strings struct {
	// Start holds the position behind each string's opening quote, and one
	// more entry: the position of the closing bracket.
	Start []uint64
	// Text is the text of the array, kept only when the reader was asked to;
	// Start counts from its beginning then, else from the file's.
	Text []byte
}

// noticeLimit is the longest encoded string that Options.Notice gets to see.
const noticeLimit = 4096

// strings reads the array of strings. The closing quote of string i is the
// last quote before Start[i+1]-1.
func (s *scanner) strings(a *column.Arena, keepText bool, notice func(int, []byte, bool)) (*Strings, error) {
	const what = "the strings"
	if err := s.expect('[', what); err != nil {
		return nil, err
	}
	out := &Strings{}
	start, err := column.Make[uint64](a, s.atMost(3)) // a string, its quotes and a comma
	if err != nil {
		return nil, err
	}
	out.Start = start[:0]
	from := s.at() // of Text[0] in the file
	add := func(p int64) error {
		if keepText {
			p -= from
		}
		if len(out.Start) == cap(out.Start) {
			var err error
			if out.Start, err = column.Grow(a, out.Start, len(out.Start)+1); err != nil {
				return err
			}
		}
		out.Start = append(out.Start, uint64(p))
		return nil
	}
	inString, escaped := false, false
	escapes := false // in the open string
	var head []byte  // of a string that begins in an earlier block
	begin := 0       // of the open string in this block
	var quote int    // the next one from i on, or the block's end; before i when not known
	for {
		if s.pos == s.end && !s.fill() {
			return nil, s.stopped(what)
		}
		text := s.buf[s.pos:s.end]
		i, done := 0, false
		begin, quote = 0, -1
		for i < len(text) && !done {
			if escaped {
				escaped = false
				i++
				continue
			}
			if inString {
				if quote < i { // not for every escape anew
					if quote = bytes.IndexByte(text[i:], '"') + i; quote < i {
						quote = len(text)
					}
				}
				if slash := bytes.IndexByte(text[i:quote], '\\'); slash >= 0 {
					i += slash + 1
					escaped, escapes = true, true
					continue
				}
				if quote == len(text) {
					i = len(text)
					break
				}
				inString = false
				if raw := text[begin:quote]; len(head) > 0 {
					head = appendUpTo(head, raw, noticeLimit+1)
					if len(head) <= noticeLimit {
						notice(len(out.Start)-1, head, escapes)
					}
					head = head[:0]
				} else if len(raw) <= noticeLimit {
					notice(len(out.Start)-1, raw, escapes)
				}
				i = quote + 1
				continue
			}
			switch c := text[i]; c {
			case '"':
				inString, escapes = true, false
				begin = i + 1
				if err := add(s.at() + int64(i) + 1); err != nil {
					return nil, err
				}
			case ']':
				done = true
				if err := add(s.at() + int64(i)); err != nil {
					return nil, err
				}
			case ',', ' ', '\n', '\r', '\t':
			default:
				return nil, corrupt(s.at()+int64(i), "%q between strings", c)
			}
			i++
		}
		if inString {
			head = appendUpTo(head, text[begin:i], noticeLimit+1)
		}
		if keepText {
			var err error
			if out.Text, err = column.Grow(a, out.Text, len(out.Text)+i); err != nil {
				return nil, err
			}
			out.Text = append(out.Text, text[:i]...)
		}
		s.pos += i
		if done {
			out.Start, err = column.Fit(a, out.Start)
			return out, err
		}
	}
}

// appendUpTo appends as much of b as leaves dst with at most limit bytes.
func appendUpTo(dst, b []byte, limit int) []byte {
	return append(dst, b[:max(0, min(len(b), limit-len(dst)))]...)
}
