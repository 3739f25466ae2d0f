//go:build !amd64

package decode

const vectors = false

func digitEdges(_ *uint32, _ *byte, _ int) (int, uint64) { panic("no vectors") }

func eightNumbers(_, _ *uint32, _ int, _ *byte) int { panic("no vectors") }
