package column

import (
	"context"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// populateStep is how much is asked for at once: two huge pages.
const populateStep = 4 << 20

// Populate has the system put pages under a column, until ctx ends. What it
// holds stays, so that this can run beside work on the same column, which then
// does not wait for pages: in a virtual machine new ones can take longer than
// the work. A kernel before 5.14 says no, which is fine.
func Populate(ctx context.Context, column []byte) {
	page := uintptr(os.Getpagesize())
	begin := uintptr(unsafe.Pointer(unsafe.SliceData(column)))
	column = column[min(uintptr(len(column)), -begin&(page-1)):]
	for len(column) > 0 && ctx.Err() == nil {
		step := min(len(column), populateStep)
		_ = unix.Madvise(column[:step], unix.MADV_POPULATE_WRITE)
		column = column[step:]
	}
}
