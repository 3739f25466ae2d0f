package node

import (
	"fmt"

	"github.com/shirou/gopsutil/v4/process"
)

// sendSIGUSR1 fails: Windows has no signals.
func sendSIGUSR1(int) error {
	return fmt.Errorf("opening the inspector of a running process is %w on Windows", ErrUnsupported)
}

// exists tells whether there is a process with this id.
func exists(pid int) bool {
	ok, err := process.PidExists(int32(pid))
	return err == nil && ok
}
