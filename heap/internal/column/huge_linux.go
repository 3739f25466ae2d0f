package column

import "golang.org/x/sys/unix"

// hugePages asks for huge pages; a kernel without them says no, which is fine.
func hugePages(b []byte) {
	if len(b) >= 4<<20 {
		_ = unix.Madvise(b, unix.MADV_HUGEPAGE)
	}
}
