package decode

import (
	"math"
	"math/bits"
)

// division divides positions in the array of nodes by the number of node
// fields, without a division: a multiple of an odd number is divided by it when
// it is multiplied with its inverse modulo 2^32, and turning the bits divides by
// powers of two. What is no multiple becomes greater than any quotient
// (H. S. Warren, Hacker's Delight, 2nd edition, section 10-17).
type division struct{ inverse, turn, limit uint32 }

func newDivision(fields, nodes uint32) division {
	turn := bits.TrailingZeros32(fields)
	odd := fields >> turn
	inverse := odd // for the last three bits; each step doubles them
	for range 4 {
		inverse *= 2 - odd*inverse
	}
	multiples := math.MaxUint32/uint64(fields) + 1
	return division{inverse, uint32(turn), uint32(min(uint64(nodes), multiples))}
}

// divide is false when position is no multiple, or past the last node.
func (d *division) divide(position uint32) (node uint32, ok bool) {
	node = bits.RotateLeft32(position*d.inverse, -int(d.turn))
	return node, node < d.limit
}

// edgeLayout says where the fields of an edge stand and takes sixteen edges of
// three fields apart at once. Its own layout is known to edgeColumns.
type edgeLayout struct {
	// How the types, names and targets are picked from three vectors of
	// numbers: by the first row from the first two, by the second from these
	// and the third.
	pick [3][2][16]uint32
	division
	lastType uint32
	vectors  bool
}

func newEdgeLayout(fields, atType, atName, atTo int, d division) *edgeLayout {
	l := &edgeLayout{division: d, lastType: maxEdgeTypes - 1, vectors: vectors && fields == 3}
	for i, at := range []int{atType, atName, atTo} {
		for k := range 16 {
			if from := 3*k + at; from < 32 {
				l.pick[i][0][k], l.pick[i][1][k] = uint32(from), uint32(k)
			} else {
				l.pick[i][1][k] = uint32(from - 32 + 16)
			}
		}
	}
	return l
}

// columns fills target and name from rows and returns how many it filled: not
// the last few, and none from a bad edge on.
func (l *edgeLayout) columns(target, name, rows []uint32) int {
	groups := len(target) / 16
	if !l.vectors || groups == 0 {
		return 0
	}
	return 16 * edgeColumns(&target[0], &name[0], &rows[0], groups, l)
}
