package decode

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
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
	read, count := plainNumbers(dst[n:], text)
	n += count
	for i := read; i < len(text); {
		c := text[i] - '0'
		if c > 9 {
			if strings.IndexByte(separators, text[i]) < 0 {
				return dst[:n], i
			}
			i++
			continue
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

// separators may stand between numbers; the most common ones first.
const separators = ",\n -\r\t"

// plainNumbers parses the numbers at the begin of text into dst, 64 bytes at a
// time and up to the last whole number, and returns how much it read and how
// many there were: nothing when there is anything but digits and separators.
//
// Numbers are short and of all lengths: a loop over digits spends its time on
// branches that no processor foresees. Here the bits of a word say which of 64
// bytes are no digits; the runs of zeros between them are the numbers, and
// three multiplications make a number of up to eight digits.
func plainNumbers[T uint32 | uint64](dst []T, text []byte) (read, count int) {
	others, start, end := 0, 0, 0
	open := uint64(0) // 1 when a number goes on from the 64 bytes before
	for ; end+64+8 <= len(text); end += 64 {
		other := uint64(0)
		for i := 0; i < 64; i += 8 {
			other |= notDigits(binary.LittleEndian.Uint64(text[end+i:])) << i
		}
		others += bits.OnesCount64(other)
		begins := ^other & (other<<1 | open ^ 1)
		ends := other & (^other<<1 | open)
		if open == 0 {
			start = end + bits.TrailingZeros64(begins)
			begins &= begins - 1
		}
		for ; ends != 0; ends &= ends - 1 {
			length := end + bits.TrailingZeros64(ends) - start
			if length <= 8 {
				digits := binary.LittleEndian.Uint64(text[start:])
				dst[count] = T(eightDigits(digits << (64 - 8*length)))
			} else {
				dst[count] = long[T](text[start : start+length])
			}
			count++
			start = end + bits.TrailingZeros64(begins)
			begins &= begins - 1
		}
		open = ^other >> 63
	}
	for i := 0; i < len(separators) && others > 0; i++ {
		others -= bytes.Count(text[:end], []byte{separators[i]})
	}
	if others > 0 {
		return 0, 0
	}
	if open == 1 {
		end = start
	}
	return end, count
}

// notDigits says of eight bytes, the lowest bit for the first, which are no
// digits.
func notDigits(text uint64) uint64 {
	const low, high = 0x7F7F7F7F7F7F7F7F, 0x8080808080808080
	text ^= 0x3030303030303030 // digits are 0 to 9 now
	text = ((text&low + 0x7676767676767676) | text) & high
	return text >> 7 * 0x0102040810204080 >> 56
}

// eightDigits is the number that eight digits make, the first in the lowest
// byte; bytes of zero are as good as leading digits 0.
func eightDigits(text uint64) uint64 {
	text = text & 0x0F0F0F0F0F0F0F0F * (10<<8 + 1) >> 8
	text = text & 0x00FF00FF00FF00FF * (100<<16 + 1) >> 16
	return text & 0x0000FFFF0000FFFF * (10000<<32 + 1) >> 32
}

func long[T uint32 | uint64](digits []byte) (v T) {
	for _, c := range digits {
		v = v*10 + T(c-'0')
	}
	return v
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
