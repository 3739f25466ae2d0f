package decode

import (
	"math"
	"strconv"
)

// appendNumbers parses every number in text, which holds whole numbers only
// (no number is cut at its edges), and appends them modulo 2^32. It returns
// the position of the first byte that cannot stand between numbers, or -1.
//
// As in DevTools a minus sign is passed over, so -2 reads as 2. A number with
// a fraction or an exponent is cut to a whole one (DevTools would read two).
func appendNumbers(dst []uint32, text []byte) ([]uint32, int) {
	for i := 0; i < len(text); {
		c := text[i] - '0'
		if c > 9 {
			switch text[i] {
			case ',', ' ', '\n', '\r', '\t', '-':
				i++
				continue
			}
			return dst, i
		}
		start := i
		v := uint32(c)
		for i++; i < len(text); i++ {
			if c = text[i] - '0'; c > 9 {
				break
			}
			v = v*10 + uint32(c)
		}
		if i < len(text) && (text[i] == '.' || text[i]|0x20 == 'e') {
			var w uint64
			if w, i = float(text, start); i < 0 {
				return dst, start
			}
			v = uint32(w)
		}
		dst = append(dst, v)
	}
	return dst, -1
}

// appendWide is appendNumbers without the modulus, for the sections that
// DevTools keeps as plain numbers.
func appendWide(dst []uint64, text []byte) ([]uint64, int) {
	for i := 0; i < len(text); {
		c := text[i] - '0'
		if c > 9 {
			switch text[i] {
			case ',', ' ', '\n', '\r', '\t', '-':
				i++
				continue
			}
			return dst, i
		}
		start := i
		v := uint64(c)
		for i++; i < len(text); i++ {
			if c = text[i] - '0'; c > 9 {
				break
			}
			v = v*10 + uint64(c)
		}
		if i < len(text) && (text[i] == '.' || text[i]|0x20 == 'e') {
			if v, i = float(text, start); i < 0 {
				return dst, start
			}
		}
		dst = append(dst, v)
	}
	return dst, -1
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
