package devtools

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// appendFolded adds text to b so that two texts are equal exactly when a JavaScript
// regular expression with the flag i (and not u) takes them for equal
// (ECMA-262, Canonicalize): upper case where that is one UTF-16 unit, and
// never from beyond ASCII into it. Characters past U+FFFF have no case there.
func appendFolded(b, text []byte) []byte {
	for len(text) > 0 {
		if c := text[0]; c < utf8.RuneSelf {
			if c >= 'a' && c <= 'z' {
				c -= 'a' - 'A'
			}
			b = append(b, c)
			text = text[1:]
			continue
		}
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError || size == 4 {
			b = append(b, text[:size]...)
		} else {
			b = utf8.AppendRune(b, canonical(r))
		}
		text = text[size:]
	}
	return b
}

// canonical is for characters beyond ASCII.
func canonical(r rune) rune {
	switch {
	case r >= 0x1F80 && r <= 0x1FAF, r == 0x1FB3, r == 0x1FC3, r == 0x1FF3:
		return r // upper case is two characters
	}
	if up := unicode.ToUpper(r); up >= utf8.RuneSelf && up <= 0xFFFF {
		return up
	}
	return r
}

// jsSpace is JavaScript's \s, as the inside of a character class over [units];
// Go's is ASCII only.
const jsSpace = `\t\n\v\f\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{186FF}`

// jsNotSpace is the complement of jsSpace.
const jsNotSpace = `\x00-\x08\x0E-\x1F!-\x{9F}\x{A1}-\x{167F}\x{1681}-\x{1FFF}\x{200B}-\x{2027}\x{202A}-\x{202E}` +
	`\x{2030}-\x{205E}\x{2060}-\x{2FFF}\x{3001}-\x{186FE}\x{18700}-\x{10FFFF}`

// A JSRegexp is a JavaScript regular expression without flags.
type JSRegexp struct{ re *regexp.Regexp }

// ParseJSRegexp compiles a JavaScript regular expression without flags. It
// works on UTF-16 units as there: a dot matches half of a character past
// U+FFFF. Its dot stops at \r, U+2028 and U+2029 too, its \s knows Unicode,
// its \uXXXX, [] and [^] mean what they do there, and escapes that only Go has
// (\A, \z, \Q, \pL, [[:alpha:]]) are plain characters.
//
// What Go's engine does not have is an error: look-around, back references
// and repetitions above 1000.
func ParseJSRegexp(source string) (*JSRegexp, error) {
	t := jsRegexp{in: source}
	for t.pos < len(t.in) {
		t.next()
	}
	re, err := regexp.Compile(units(t.out.String()))
	if err != nil {
		return nil, fmt.Errorf("read regular expression %q: %w", source, err)
	}
	return &JSRegexp{re}, nil
}

// MatchString says whether s, in WTF-8, contains a match.
func (r *JSRegexp) MatchString(s string) bool { return r.re.MatchString(units(s)) }

// units turns WTF-8 into a text with one character for each UTF-16 unit, in
// the order of the units: those from U+D800 on, surrogates among them, are
// moved up to where Go has no surrogates.
func units(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0xD800 }) < 0 {
		return s
	}
	b := make([]byte, 0, 2*len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1 && i+3 <= len(s): // a lone surrogate
			b = utf8.AppendRune(b, unit(0xD000|rune(s[i+1]&0x3F)<<6|rune(s[i+2]&0x3F)))
			size = 3
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			b = utf8.AppendRune(utf8.AppendRune(b, unit(high)), unit(low))
		default:
			b = utf8.AppendRune(b, unit(r))
		}
		i += size
	}
	return string(b)
}

func unit(u rune) rune {
	if u >= 0xD800 {
		u += 0x8800
	}
	return u
}

// jsRegexp rewrites a JavaScript pattern in Go's syntax.
type jsRegexp struct {
	in  string
	pos int
	out strings.Builder
}

func (t *jsRegexp) next() {
	rest := t.in[t.pos:]
	switch {
	case strings.HasPrefix(rest, "[^]"):
		t.put(`(?s:.)`, 3)
	case strings.HasPrefix(rest, "[]"):
		t.put(`[^\x00-\x{10FFFF}]`, 2)
	case rest[0] == '[':
		t.class()
	case rest[0] == '.':
		t.put(`[^\n\r\x{2028}\x{2029}]`, 1)
	case rest[0] == '\\':
		t.escape(false)
	default:
		t.put(rest[:1], 1)
	}
}

func (t *jsRegexp) put(text string, read int) {
	t.out.WriteString(text)
	t.pos += read
}

// class rewrites a character class, up to its closing bracket.
func (t *jsRegexp) class() {
	t.put("[", 1)
	if strings.HasPrefix(t.in[t.pos:], "^") {
		t.put("^", 1)
	}
	for t.pos < len(t.in) {
		switch t.in[t.pos] {
		case ']':
			t.put("]", 1)
			return
		case '[':
			t.put(`\[`, 1)
		case '\\':
			t.escape(true)
		default:
			t.put(t.in[t.pos:t.pos+1], 1)
		}
	}
}

// escape rewrites a backslash and what follows it.
func (t *jsRegexp) escape(inClass bool) {
	rest := t.in[t.pos+1:]
	if rest == "" {
		t.put(`\`, 1) // an error in both languages
		return
	}
	switch c := rest[0]; {
	case c == 's' && inClass:
		t.put(jsSpace, 2)
	case c == 's':
		t.put("["+jsSpace+"]", 2)
	case c == 'S' && inClass:
		t.put(jsNotSpace, 2)
	case c == 'S':
		t.put("["+jsNotSpace+"]", 2)
	case c == 'b' && inClass:
		t.put(`\x08`, 2)
	case c == '0':
		t.put(`\x00`, 2)
	case c == 'u' && isHex(rest[1:], 4):
		u, _ := strconv.ParseUint(rest[1:5], 16, 16) // isHex says it is one
		t.put(fmt.Sprintf(`\x{%X}`, unit(rune(u))), 6)
	case c == 'x' && isHex(rest[1:], 2):
		t.put(`\x{`+rest[1:3]+`}`, 4)
	case c >= '1' && c <= '9', strings.IndexByte("dDwWbBfnrtv", c) >= 0:
		t.put(`\`+rest[:1], 2)
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= utf8.RuneSelf, c == '_', c == ' ':
		t.put(rest[:1], 2) // the letter itself
	default:
		t.put(`\`+rest[:1], 2)
	}
}

func isHex(s string, n int) bool {
	return len(s) >= n && strings.Trim(s[:n], "0123456789abcdefABCDEF") == ""
}
