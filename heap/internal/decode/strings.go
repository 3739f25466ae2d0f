package decode

import "github.com/plumb-dev/plumb/heap/internal/column"

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
func (s *scanner) strings(a *column.Arena, keepText bool, notice func(int, []byte)) (*Strings, error) {
	const what = "the strings"
	if err := s.expect('[', what); err != nil {
		return nil, err
	}
	start, err := column.Make[uint64](a, s.atMost(3)) // a string, its quotes and a comma
	if err != nil {
		return nil, err
	}
	r := stringReader{arena: a, start: start[:0], notice: notice}
	out := &Strings{}
	zero := int64(0) // what Start counts from
	if keepText {
		zero = s.at()
	}
	for done := false; !done; {
		if s.pos == s.end && !s.fill() {
			return nil, s.stopped(what)
		}
		var used int
		if used, done, err = r.read(s.buf[s.pos:s.end], uint64(s.at()-zero)); err != nil {
			return nil, err
		}
		if keepText {
			if out.Text, err = column.Grow(a, out.Text, len(out.Text)+used); err != nil {
				return nil, err
			}
			out.Text = append(out.Text, s.buf[s.pos:s.pos+used]...)
		}
		s.pos += used
		if !done && s.pos < s.end {
			return nil, corrupt(s.at(), "%q between strings", s.buf[s.pos])
		}
	}
	out.Start, err = column.Fit(a, r.start)
	return out, err
}

// stringReader reads the array block by block.
type stringReader struct {
	arena  *column.Arena
	start  []uint64
	notice func(int, []byte)
	find   quotes
	open   bool   // inside a string
	head   []byte // of that one: what earlier blocks have of it
}

// read takes the next block, which stands at a position of the text, and
// returns how much of it belongs to the array, and whether that has ended. It
// stops before a byte that cannot stand between strings.
func (r *stringReader) read(text []byte, position uint64) (used int, done bool, err error) {
	from := 0 // behind the last quote
	for at := 0; at < len(text); at += chunk {
		part := text[at:min(at+chunk, len(text))]
		if r.start, err = column.Grow(r.arena, r.start, len(r.start)+len(part)); err != nil {
			return 0, false, err
		}
		for _, i := range r.find.in(part) {
			quote := at + int(i)
			if r.open {
				r.end(text[from:quote])
			} else {
				if gap := separators(text[from:quote]); from+gap < quote {
					return r.stop(text, from+gap, position)
				}
				r.start = append(r.start, position+uint64(quote)+1)
			}
			r.open = !r.open
			from = quote + 1
		}
	}
	if r.open {
		r.head = appendUpTo(r.head, text[from:], noticeLimit+1)
	} else if gap := separators(text[from:]); from+gap < len(text) {
		return r.stop(text, from+gap, position)
	}
	return len(text), false, nil
}

// stop ends the array with the bracket at i, or before whatever else is there.
func (r *stringReader) stop(text []byte, i int, position uint64) (used int, done bool, err error) {
	if text[i] != ']' {
		return i, false, nil
	}
	r.start, err = column.Grow(r.arena, r.start, len(r.start)+1)
	r.start = append(r.start, position+uint64(i))
	return i + 1, true, err
}

// end shows the open string, of which this block has the rest.
func (r *stringReader) end(rest []byte) {
	if len(r.head) > 0 {
		r.head = appendUpTo(r.head, rest, noticeLimit+1)
		rest, r.head = r.head, r.head[:0]
	}
	if len(rest) <= noticeLimit {
		r.notice(len(r.start)-1, rest)
	}
}

// separators is the length of what stands between two strings at the start of
// text. V8 writes a comma and a line feed.
func separators(text []byte) int {
	for i, c := range text {
		switch c {
		case ',', '\n', ' ', '\r', '\t':
		default:
			return i
		}
	}
	return len(text)
}

// appendUpTo appends as much of b as leaves dst with at most limit bytes.
func appendUpTo(dst, b []byte, limit int) []byte {
	return append(dst, b[:max(0, min(len(b), limit-len(dst)))]...)
}
