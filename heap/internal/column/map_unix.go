//go:build unix

package column

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

func mapAnonymous(size int) ([]byte, error) {
	p, err := unix.MmapPtr(-1, 0, nil, uintptr(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return nil, err
	}
	b := unsafe.Slice((*byte)(p), size)
	hugePages(b)
	return b, nil
}

func unmap(b []byte) {
	_ = unix.MunmapPtr(unsafe.Pointer(unsafe.SliceData(b)), uintptr(len(b)))
}

// shorten unmaps the whole pages of b behind its first size bytes and returns
// the rest.
func shorten(b []byte, size int) []byte {
	page := os.Getpagesize()
	size = (size + page - 1) / page * page
	if size < len(b) {
		unmap(b[size:])
		b = b[:size:size]
	}
	return b
}

// MapFile maps a file of the given size for reading.
func MapFile(f *os.File, size int64) ([]byte, error) {
	if size == 0 {
		return nil, nil
	}
	return unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
}

// UnmapFile undoes MapFile.
func UnmapFile(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	return unix.Munmap(b)
}
