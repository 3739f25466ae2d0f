// Package wtf8 handles the text of V8 heap snapshots. JavaScript strings are
// UTF-16 and can hold lone surrogates; here they are Go strings in WTF-8
// (https://simonsapin.github.io/wtf-8/): UTF-8 in which a lone surrogate
// stands as its three bytes. A pair is always joined.
//
// It does not decode JSON: package heap does, and hands out WTF-8.
package wtf8

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Compare orders a and b by UTF-16 code unit, as JavaScript's < does: negative
// when a comes first. It differs from byte order where a supplementary
// character, a pair of surrogates (D800 to DFFF), meets a lone surrogate or a
// character from U+E000 to U+FFFF.
func Compare(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		x, y := a[i], b[i]
		switch {
		case x == y:
			continue
		// F0 to F4 begin supplementary characters; ED begins U+D000 to U+DFFF,
		// EE and EF the rest up to U+FFFF. All bytes before are the same, so
		// both are at the start of a character.
		case x >= 0xF0 && y >= 0xED && y < 0xF0:
			return comparePair(a[i:], b[i:])
		case y >= 0xF0 && x >= 0xED && x < 0xF0:
			return -comparePair(b[i:], a[i:])
		}
		return int(x) - int(y)
	}
	return len(a) - len(b)
}

// comparePair compares a, which begins with a supplementary character, with b,
// which begins with one of three bytes.
func comparePair(a, b string) int {
	r, size := utf8.DecodeRuneInString(a)
	if len(b) < 3 || size < 4 {
		return strings.Compare(a, b) // not WTF-8
	}
	high, low := utf16.EncodeRune(r)
	unit := rune(b[0]&0x0F)<<12 | rune(b[1]&0x3F)<<6 | rune(b[2]&0x3F)
	if high != unit {
		return int(high - unit)
	}
	// A lone surrogate like the first half of the pair: what follows it is no
	// second half.
	if b = b[3:]; b == "" {
		return 1
	}
	if next, ok := surrogate(b); ok {
		return int(low - next)
	}
	r, _ = utf8.DecodeRuneInString(b)
	if r >= 0x10000 {
		r, _ = utf16.EncodeRune(r)
	}
	return int(low - r)
}

// Len counts UTF-16 code units: JavaScript's length.
func Len(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case b >= 0xF0:
			n += 2
		case b < 0x80 || b >= 0xC0:
			n++
		}
	}
	return n
}

// Concat joins texts and merges a high surrogate at the end of one with a low
// surrogate at the start of the next.
func Concat(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		Append(&b, p)
	}
	return b.String()
}

// Append adds p to b as [Concat] would.
func Append(b *strings.Builder, p string) {
	s := b.String()
	if hi, ok := surrogate(s[max(0, len(s)-3):]); ok && hi < 0xDC00 {
		if lo, ok := surrogate(p); ok && lo >= 0xDC00 {
			joined := s[:len(s)-3] + string(0x10000+(hi-0xD800)<<10+(lo-0xDC00)) + p[3:]
			b.Reset()
			b.WriteString(joined)
			return
		}
	}
	b.WriteString(p)
}

// Clean replaces every lone surrogate by U+FFFD: UTF-8 for output.
func Clean(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if _, ok := surrogate(s[i:]); ok {
			b.WriteRune(utf8.RuneError)
			i += 3
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		b.WriteRune(r)
		i += n
	}
	return b.String()
}

// Quote writes s as a JSON string the way JSON.stringify does: short escapes,
// lone surrogates as \udXXX, everything else raw (no HTML escaping).
func Quote(s string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); {
		if r, ok := surrogate(s[i:]); ok {
			b.WriteString(`\u`)
			for shift := 12; shift >= 0; shift -= 4 {
				b.WriteByte(hex[r>>shift&15])
			}
			i += 3
			continue
		}
		c := s[i]
		i++
		if esc := strings.IndexByte("\"\\\b\f\n\r\t", c); esc >= 0 {
			b.WriteByte('\\')
			b.WriteByte(`"\bfnrt`[esc])
		} else if c < 0x20 {
			b.WriteString(`\u00`)
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// surrogate reads the three bytes of a lone surrogate at the start of s.
func surrogate(s string) (rune, bool) {
	if len(s) < 3 || s[0] != 0xED || s[1] < 0xA0 || s[1] > 0xBF || s[2]&0xC0 != 0x80 {
		return 0, false
	}
	return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), true
}
