package heap

import (
	"bytes"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// text is the string table: encoded JSON strings in a file's bytes, and the
// strings added by [Snapshot] itself behind them.
type text struct {
	file  []byte   // the file, or the text of its strings
	start []uint64 // of each string in file, behind its quote; one more at the end
	added []string
	found map[string][]StringID // every known text, see wellKnown
}

func (t *text) count() int { return len(t.start) - 1 + len(t.added) }

// encoded returns the JSON text of a string of the file, without quotes.
func (t *text) encoded(id StringID) []byte {
	from, to := t.start[id], t.start[id+1]
	span := t.file[from:to]
	if int(id)+1 < len(t.start)-1 {
		span = span[:len(span)-1] // the next string's quote
	}
	return span[:bytes.LastIndexByte(span, '"')]
}

func (t *text) string(id StringID) string {
	if int(id) >= len(t.start)-1 {
		return t.added[int(id)-(len(t.start)-1)]
	}
	return decodeJSON(t.encoded(id))
}

func (t *text) append(b []byte, id StringID) []byte {
	if int(id) < len(t.start)-1 {
		if encoded := t.encoded(id); isPlain(encoded) {
			return append(b, encoded...)
		}
	}
	return append(b, t.string(id)...)
}

// view is string without a copy where that is possible; what it returns is
// gone when the snapshot is closed.
func (t *text) view(id StringID) string {
	if int(id) < len(t.start)-1 {
		if b := t.encoded(id); isPlain(b) {
			return unsafe.String(unsafe.SliceData(b), len(b))
		}
	}
	return t.string(id)
}

// isPlain says whether the encoded text is the text itself.
func isPlain(b []byte) bool {
	for _, c := range b {
		if c == '\\' || c >= 0x80 {
			return false
		}
	}
	return true
}

// decodeJSON turns the inside of a JSON string into WTF-8. Bytes that are not
// UTF-8 become U+FFFD, one for each maximal part as the WHATWG decoder has it.
func decodeJSON(b []byte) string {
	if isPlain(b) {
		return string(b)
	}
	out := make([]byte, 0, len(b)+8)
	high := rune(-1) // a high surrogate that may find its other half
	for i := 0; i < len(b); {
		var r rune
		switch c := b[i]; {
		case c == '\\' && i+1 < len(b):
			r, i = escape(b, i)
		case c < 0x80:
			r = rune(c)
			i++
		default:
			var n int
			if r, n = utf8.DecodeRune(b[i:]); r == utf8.RuneError && n == 1 {
				n = badPart(b[i:])
			}
			i += n
		}
		if high >= 0 {
			if r >= 0xDC00 && r <= 0xDFFF {
				out = utf8.AppendRune(out, 0x10000+(high-0xD800)<<10+(r-0xDC00))
				high = -1
				continue
			}
			out = appendSurrogate(out, high)
			high = -1
		}
		switch {
		case r >= 0xD800 && r <= 0xDBFF:
			high = r
		case r >= 0xDC00 && r <= 0xDFFF:
			out = appendSurrogate(out, r)
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	if high >= 0 {
		out = appendSurrogate(out, high)
	}
	return string(out)
}

// escape reads the escape sequence at b[i] and returns its character and the
// position behind it.
func escape(b []byte, i int) (rune, int) {
	switch c := b[i+1]; c {
	case 'b':
		return '\b', i + 2
	case 'f':
		return '\f', i + 2
	case 'n':
		return '\n', i + 2
	case 'r':
		return '\r', i + 2
	case 't':
		return '\t', i + 2
	case 'u':
		if i+6 <= len(b) {
			if v, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 16); err == nil {
				return rune(v), i + 6
			}
		}
		return utf8.RuneError, i + 2
	default:
		return rune(c), i + 2
	}
}

func appendSurrogate(out []byte, r rune) []byte {
	return append(out, 0xED, 0x80|byte(r>>6&0x3F), 0x80|byte(r&0x3F))
}

// badPart is the length of the maximal part of an ill-formed sequence at the
// start of b that a decoder replaces by one U+FFFD (Unicode 15, table 3-7).
func badPart(b []byte) int {
	low, high, more := byte(0x80), byte(0xBF), 0
	switch c := b[0]; {
	case c >= 0xC2 && c <= 0xDF:
		more = 1
	case c >= 0xE0 && c <= 0xEF:
		more = 2
		if c == 0xE0 {
			low = 0xA0
		} else if c == 0xED {
			high = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		more = 3
		if c == 0xF0 {
			low = 0x90
		} else if c == 0xF4 {
			high = 0x8F
		}
	}
	n := 1
	for ; n <= more && n < len(b) && b[n] >= low && b[n] <= high; n++ {
		low, high = 0x80, 0xBF
	}
	return n
}

// wellKnown are the texts that the engine and its users look for by name:
// their places are noted while the strings go by.
var wellKnown = []string{
	"", "(Document DOM trees)", "(map descriptors)", "1", "Array", "Function", "Object", "RegExp",
	"V8EventListener", "__proto__", "bool", "code", "context", "elements", "first", "hash", "int",
	"length", "map", "native_context", "outer_scope_info", "name_or_scope_info", "previous",
	"scope_id", "scope_info", "script", "second", "shared", "sloppy_function_map",
	"system / Context", "system / ExternalStringData", "system / JSArrayBufferData",
	"system / NativeContext", "table", "true", "truncated", "value",
}

// FindStrings returns every string ID whose text is exactly text, in order.
func (s *Snapshot) FindStrings(text string) []StringID {
	if ids, ok := s.text.found[text]; ok {
		return ids
	}
	var ids []StringID
	for id := range StringID(s.text.count()) {
		if s.text.view(id) == text {
			ids = append(ids, id)
		}
	}
	return ids
}

// noticer records the well-known texts and the possible names of ephemerons.
type noticer struct {
	found      map[string][]StringID
	lengths    [256]uint32 // of the well-known texts that begin with a byte, as bits
	ephemerons nameSet
	detached   nameSet // begin with "Detached "
}

func newNoticer() *noticer {
	n := &noticer{found: make(map[string][]StringID, len(wellKnown))}
	for _, t := range wellKnown {
		n.found[t] = nil
		if t != "" {
			n.lengths[t[0]] |= 1 << len(t)
		}
	}
	return n
}

// notice looks at a string of the file, which most are not worth more than a
// glance at.
func (n *noticer) notice(id int, b []byte) {
	if len(b) <= 6*28 && bytes.IndexByte(b, '\\') >= 0 { // 28 characters, each perhaps \uXXXX
		b = []byte(decodeJSON(b))
	}
	if len(b) == 0 {
		n.found[""] = append(n.found[""], StringID(id))
		return
	}
	if len(b) < 32 && n.lengths[b[0]]>>len(b)&1 != 0 {
		if ids, ok := n.found[string(b)]; ok {
			n.found[string(b)] = append(ids, StringID(id))
		}
	}
	switch {
	case b[0]-'0' <= 9 && b[len(b)-1] == ')' && bytes.Contains(b, []byte(" pair in WeakMap (table @")):
		n.ephemerons = append(n.ephemerons, uint32(id))
	case b[0] == 'D' && bytes.HasPrefix(b, []byte("Detached ")):
		n.detached = append(n.detached, uint32(id))
	}
}
