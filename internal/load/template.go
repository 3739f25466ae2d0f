package load

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// template is text with placeholders: pieces of plain text, and between each
// two of them the value that stands there.
type template struct {
	text   []string // one more than values
	values []placeholder
}

type placeholder int

const (
	number placeholder = iota // {{n}}
	uuid
	random
)

var placeholders = map[string]placeholder{"n": number, "uuid": uuid, "random": random}

// compile finds the placeholders in s. What else stands in double braces is an
// error where strict is set, and plain text otherwise: bodies may be templates
// of somebody else's.
func compile(s string, strict bool) (template, error) {
	var t template
	plain := 0
	for at := 0; ; {
		open := strings.Index(s[at:], "{{")
		if open < 0 {
			break
		}
		open += at
		length := strings.Index(s[open:], "}}")
		if length < 0 {
			break
		}
		name := s[open+2 : open+length]
		p, known := placeholders[strings.TrimSpace(name)]
		switch {
		case known:
			t.text = append(t.text, s[plain:open])
			t.values = append(t.values, p)
			at = open + length + 2
			plain = at
		case strict:
			return t, fmt.Errorf("unknown placeholder {{%s}}: there are {{n}}, {{uuid}} and {{random}}", name)
		default:
			at = open + 1
		}
	}
	t.text = append(t.text, s[plain:])
	return t, nil
}

func (t template) appendTo(b []byte, v *values) []byte {
	for i, p := range t.values {
		b = append(b, t.text[i]...)
		switch p {
		case number:
			b = strconv.AppendInt(b, v.n, 10)
		case uuid:
			b = append(b, v.uuid[:]...)
		case random:
			b = strconv.AppendUint(b, v.random, 10)
		}
	}
	return append(b, t.text[len(t.values)]...)
}

// values are what placeholders stand for in one request.
type values struct {
	n      int64
	uuid   [36]byte
	random uint64
}

// draw makes new random values.
func (v *values) draw() {
	v.random = rand.Uint64() >> 11 // a double, JavaScript's number, holds 53 bits
	v.uuid = newUUID(rand.Uint64(), rand.Uint64())
}

// newUUID is a version 4 UUID (RFC 9562, section 5.4) of 128 random bits.
func newUUID(high, low uint64) (text [36]byte) {
	var b [16]byte
	for i := range 8 {
		b[i], b[8+i] = byte(high>>(8*i)), byte(low>>(8*i))
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	at := 0
	for _, part := range [][]byte{b[:4], b[4:6], b[6:8], b[8:10], b[10:]} {
		if at > 0 {
			text[at] = '-'
			at++
		}
		at += hex.Encode(text[at:], part)
	}
	return text
}
