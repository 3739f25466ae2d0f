package column

import (
	"errors"
	"os"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestPopulated: there are pages under a column before anything is written to it.
func TestPopulated(t *testing.T) {
	var a Arena
	defer a.Close()
	c, err := Scratch[uint8](&a, 3*populateStep)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Madvise(c[:os.Getpagesize()], unix.MADV_POPULATE_WRITE); errors.Is(err, unix.EINVAL) {
		t.Skip("the kernel is older than 5.14")
	}
	Populate(t.Context(), c)
	resident := make([]byte, len(c)/os.Getpagesize())
	if _, _, err := unix.Syscall(unix.SYS_MINCORE, uintptr(unsafe.Pointer(&c[0])), uintptr(len(c)), uintptr(unsafe.Pointer(&resident[0]))); err != 0 {
		t.Fatal(err)
	}
	for i, r := range resident {
		if r&1 == 0 {
			t.Fatalf("page %d of %d is not there", i, len(resident))
		}
	}
}
