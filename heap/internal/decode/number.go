package decode

import (
	"math"
	"slices"
	"strconv"
)

// appendNumbers parses every number in text, which holds whole numbers only
// (no number is cut at its edges), and appends them: modulo 2^32 where T has
// 32 bits. It returns the position of the first byte that cannot stand between
// numbers, or -1.
//
// As in DevTools a minus sign is passed over, so -2 reads as 2. A number with
// a fraction or an exponent is cut to a whole one (DevTools would read two).
func appendNumbers[T uint32 | uint64](dst []T, text []byte) ([]T, int) {
	// A number and its separator take two bytes at least.
	n := len(dst)
	dst = slices.Grow(dst, len(text)/2+1)[:n+len(text)/2+1]
	for i := 0; i < len(text); {
		c := text[i] - '0'
		if c > 9 {
			switch text[i] {
			case ',', ' ', '\n', '\r', '\t', '-':
				i++
				continue
			}
			return dst[:n], i
		}
		start := i
		v := T(c)
		for i++; i < len(text); i++ {
			if c = text[i] - '0'; c > 9 {
				break
			}
			v = v*10 + T(c)
		}
		if i < len(text) && (text[i] == '.' || text[i]|0x20 == 'e') {
			var w uint64
			if w, i = float(text, start); i < 0 {
				return dst[:n], start
			}
			v = T(w)
		}
		dst[n] = v
		n++
	}
	return dst[:n], -1
}

// float reads the number at start the slow way and returns it cut to a whole
// one and the position behind it, or -1.
func float(text []byte, start int) (uint64, int) {
	end := start
	for end < len(text) && numeric(text[end]) {
		end++
	}
	f, err := strconv.ParseFloat(string(text[start:end]), 64)
	if err != nil || f < 0 || f >= math.MaxUint64 {
		return 0, -1
	}
	return uint64(f), end
}

// numeric says whether c can be part of a number.
func numeric(c byte) bool {
	return c-'0' <= 9 || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E'
}
