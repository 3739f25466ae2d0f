//go:build !unix

package column

import (
	"io"
	"os"
)

func mapAnonymous(size int) ([]byte, error) {
	// Eight-byte elements keep the memory aligned for every Number.
	return Bytes(make([]uint64, (size+7)/8))[:size], nil
}

func unmap([]byte) {}

func shorten(b []byte, _ int) []byte { return b }

// MapFile reads a file of the given size: there is no memory map here.
func MapFile(f *os.File, size int64) ([]byte, error) {
	b, err := mapAnonymous(int(size))
	if err != nil {
		return nil, err
	}
	_, err = io.ReadFull(io.NewSectionReader(f, 0, size), b)
	return b, err
}

// UnmapFile undoes MapFile.
func UnmapFile([]byte) error { return nil }
