package inspector

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"unicode/utf16"
	"unicode/utf8"
)

var errEscape = errors.New("malformed escape in a string")

// stringMember returns the text of a string that is the only member of a JSON
// object, such as {"chunk":"..."}, appended to dst. Objects of another form are
// left to encoding/json.
func stringMember(dst []byte, object json.RawMessage, name string) ([]byte, error) {
	if body, ok := bytes.CutPrefix(object, []byte(`{"`+name+`":"`)); ok {
		if body, ok := bytes.CutSuffix(body, []byte(`"}`)); ok && !bytes.HasSuffix(body, []byte(`\`)) {
			if text, err := unescape(dst, body); err == nil {
				return text, nil
			}
		}
	}
	var members map[string]json.RawMessage
	var text string
	if err := json.Unmarshal(object, &members); err != nil {
		return dst, err
	}
	if err := json.Unmarshal(members[name], &text); err != nil {
		return dst, err
	}
	return append(dst, text...), nil
}

// unescape appends the text of a JSON string, given without its quotes, to dst.
// It gives what encoding/json gives: half a surrogate pair and malformed UTF-8
// become U+FFFD. (The text of a heap snapshot is plain ASCII; its own strings
// are escaped a second time.)
func unescape(dst, src []byte) ([]byte, error) {
	for {
		// Runs without escapes are long: copy them whole.
		i := bytes.IndexByte(src, '\\')
		plain := src
		if i >= 0 {
			plain = src[:i]
		}
		var err error
		if dst, err = appendPlain(dst, plain); err != nil {
			return dst, err
		}
		if i < 0 {
			return dst, nil
		}
		src = src[i+1:]
		if len(src) == 0 {
			return dst, errEscape
		}
		c := src[0]
		src = src[1:]
		switch c {
		case '"', '\\', '/':
			dst = append(dst, c)
		case 'n':
			dst = append(dst, '\n')
		case 't':
			dst = append(dst, '\t')
		case 'r':
			dst = append(dst, '\r')
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'u':
			r, ok := hex4(src)
			if !ok {
				return dst, errEscape
			}
			src = src[4:]
			if utf16.IsSurrogate(r) {
				low, ok := rune(0), false
				if bytes.HasPrefix(src, []byte(`\u`)) {
					low, ok = hex4(src[2:])
				}
				if pair := utf16.DecodeRune(r, low); ok && pair != utf8.RuneError {
					r, src = pair, src[6:]
				} else {
					r = utf8.RuneError
				}
			}
			dst = utf8.AppendRune(dst, r)
		default:
			return dst, errEscape
		}
	}
}

// appendPlain appends text without escapes. Almost always it is ASCII without
// quotes and control characters, which is found eight bytes at a time.
func appendPlain(dst, src []byte) ([]byte, error) {
	if isPlainASCII(src) {
		return append(dst, src...), nil
	}
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		if r < ' ' || r == '"' {
			return dst, errEscape
		}
		dst = utf8.AppendRune(dst, r)
		src = src[n:]
	}
	return dst, nil
}

// isPlainASCII tells whether no byte of src is a control character, a quote or
// part of a character past U+007F.
func isPlainASCII(src []byte) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for len(src) >= 8 {
		w := binary.LittleEndian.Uint64(src)
		quote := w ^ ones*'"'
		// Each term has the high bit of a byte set that is below 0x20, a quote,
		// or above 0x7f (or of one behind it: then the slow way decides).
		if (w|(w-ones*0x20)|(quote-ones))&high != 0 {
			return false
		}
		src = src[8:]
	}
	for _, c := range src {
		if c < ' ' || c == '"' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func hex4(s []byte) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range s[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
