package decode

import "slices"

// chunk is how many bytes plainNumbers looks at in one go.
const chunk = 4096

// plainNumbers does the work of appendNumbers for the text that V8 writes, of
// digits, commas and line feeds, where the processor has vectors of 64 bytes:
// five times as fast, as nothing in it depends on how long numbers are. It
// stops at a whole number, before the end or before what it does not know, and
// returns how much it read.
func plainNumbers(dst []uint32, text []byte) (numbers []uint32, read int) {
	if !vectors {
		return dst, 0
	}
	var edges [chunk + 64]uint32
	for read+chunk+64 <= len(text) {
		part := text[read : read+chunk+64]
		n, odd := digitEdges(&edges[0], &part[0], chunk/64)
		if odd != 0 {
			break
		}
		used := chunk
		if n%2 != 0 {
			if used = int(edges[n-1]); used == 0 {
				break // a number longer than that
			}
		}
		count := n / 2
		dst = slices.Grow(dst, count)
		to := dst[len(dst) : len(dst)+count]
		for i := 0; i < count; {
			if i+8 <= count {
				i += 8 * eightNumbers(&to[i], &edges[2*i], (count-i)/8, &part[0])
			}
			// The last few, or a group with a very long one.
			for last := min(i+8, count); i < last; i++ {
				to[i] = digits(part[edges[2*i]:edges[2*i+1]])
			}
		}
		dst = dst[:len(dst)+count]
		read += used
	}
	return dst, read
}

func digits(text []byte) (n uint32) {
	for _, c := range text {
		n = n*10 + uint32(c-'0')
	}
	return n
}
