//go:build !amd64

package decode

const vectors = false

func digitEdges(*uint32, *byte, int) (int, uint64) { panic("no vectors") }

func eightNumbers(*uint32, *uint32, int, *byte) int { panic("no vectors") }
