package column

import (
	"iter"
	"math/bits"
)

// Bits is a set of small numbers, one bit each.
type Bits []uint64

// MakeBits allocates a set for the numbers 0 to n-1.
func MakeBits(a *Arena, n int) (Bits, error) {
	b, err := Make[uint64](a, (n+63)/64)
	return b, err
}

// Has says whether i is in the set.
func (b Bits) Has(i uint32) bool { return b[i>>6]>>(i&63)&1 != 0 }

// Add puts i in the set.
func (b Bits) Add(i uint32) { b[i>>6] |= 1 << (i & 63) }

// All goes through the set, ascending.
func (b Bits) All() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for word, set := range b {
			for ; set != 0; set &= set - 1 {
				if !yield(uint32(word*64 + bits.TrailingZeros64(set))) {
					return
				}
			}
		}
	}
}
