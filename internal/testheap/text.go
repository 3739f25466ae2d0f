package testheap

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// quote writes WTF-8 text as V8 does: ASCII, with \uXXXX in upper case.
func (w *writer) quote(s string) {
	w.buf = append(w.buf, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if esc := bytes.IndexByte([]byte("\"\\\b\f\n\r\t"), c); esc >= 0 {
			w.buf = append(w.buf, '\\', `"\bfnrt`[esc])
			i++
			continue
		}
		r, size := decode(s[i:])
		switch {
		case r >= ' ' && r < 0x7F, w.Format.RawUTF8 && r > 0x7F && !utf16.IsSurrogate(r):
			w.buf = append(w.buf, s[i:i+size]...)
		case r > 0xFFFF:
			hi, lo := utf16.EncodeRune(r)
			w.buf = fmt.Appendf(w.buf, `\u%04X\u%04X`, hi, lo)
		default:
			w.buf = fmt.Appendf(w.buf, `\u%04X`, r)
		}
		i += size
	}
	w.buf = append(w.buf, '"')
}

// decode reads one character of WTF-8; utf8 alone refuses a lone surrogate.
func decode(s string) (rune, int) {
	if len(s) >= 3 && s[0] == 0xED && s[1] >= 0xA0 {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(s)
}

// spaced puts white space around every token outside of strings.
func spaced(in []byte) []byte {
	blanks := []string{" ", "\n", "\t", "\r\n", "  \n\t"}
	var out []byte
	inString := false
	for i, c := range in {
		switch {
		case inString:
			out = append(out, c)
			// A backslash hides the next character; an even run of them does not.
			if c == '"' && trailing(in[:i], '\\')%2 == 0 {
				inString = false
			}
			continue
		case c == '"':
			inString = true
			out = append(out, c)
			continue
		case c == '\n':
			continue
		}
		if bytes.IndexByte([]byte(",:[]{}"), c) >= 0 {
			out = append(out, blanks[i%len(blanks)]...)
			out = append(out, c)
			out = append(out, blanks[(i/3)%len(blanks)]...)
			continue
		}
		out = append(out, c)
	}
	return out
}

func trailing(s []byte, c byte) int {
	n := 0
	for n < len(s) && s[len(s)-1-n] == c {
		n++
	}
	return n
}
