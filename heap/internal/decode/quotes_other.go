//go:build !amd64

package decode

func quoteBits(_ *uint32, _ *byte, _ int, _ uint64) (int, uint64) { panic("no vectors") }
