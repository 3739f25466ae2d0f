package column

import (
	"context"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// populateStep is how much is asked for at once: two huge pages.
const populateStep = 4 << 20

// Populate has the system put pages under columns, a piece of each in turn,
// until ctx ends. What they hold stays, so that it can run beside work on the
// same columns, which then does not wait for pages: in a virtual machine new
// ones can take longer than the work. A kernel before 5.14 says no, which is
// fine.
func Populate(ctx context.Context, columns ...[]byte) {
	page := uintptr(os.Getpagesize())
	for i, c := range columns {
		begin := uintptr(unsafe.Pointer(unsafe.SliceData(c)))
		columns[i] = c[min(uintptr(len(c)), -begin&(page-1)):]
	}
	for at, more := 0, true; more; at += populateStep {
		more = false
		for _, c := range columns {
			// The rest of a column is too little to matter.
			if at+populateStep <= len(c) && ctx.Err() == nil {
				more = true
				_ = unix.Madvise(c[at:at+populateStep], unix.MADV_POPULATE_WRITE)
			}
		}
	}
}
