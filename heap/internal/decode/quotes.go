package decode

import "bytes"

// quotes finds the quotes that begin and end strings, chunk by chunk.
type quotes struct {
	escaped bool // the next byte, by the backslash before it
	at      [chunk + 64]uint32
}

// in returns the positions of the quotes in text, at most a chunk, that no
// backslash escapes. They are valid until the next call.
func (q *quotes) in(text []byte) []uint32 {
	count, from := 0, 0
	if words := len(text) / 64; vectors && words > 0 {
		escaped := uint64(0)
		if q.escaped {
			escaped = 1
		}
		count, escaped = quoteBits(&q.at[0], &text[0], words, escaped)
		q.escaped = escaped != 0
		from = 64 * words
	}
	quote := -1 // the next one from i on, or the end
	for i := from; i < len(text); {
		if q.escaped {
			q.escaped = false
			i++
			continue
		}
		if quote < i {
			if quote = i + bytes.IndexByte(text[i:], '"'); quote < i {
				quote = len(text)
			}
		}
		if slash := bytes.IndexByte(text[i:quote], '\\'); slash >= 0 {
			i += slash + 1
			q.escaped = true
			continue
		}
		if quote < len(text) {
			q.at[count] = uint32(quote)
			count++
		}
		i = quote + 1
	}
	return q.at[:count]
}
