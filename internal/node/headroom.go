package node

import (
	"fmt"
	"math"
)

// snapshotFactor is how many times its used heap a program may need while it
// writes a snapshot: V8 keeps about 230 bytes per object for it.
const snapshotFactor = 5

// checkHeadroom refuses a snapshot that could cost the program its life: the
// kernel kills what exceeds the memory of its cgroup or of the machine, V8 what
// exceeds its own limit.
func (t *Thread) checkHeadroom(m Memory) error {
	if free, of := freeMemory(t.process.hostPID()); free < snapshotFactor*m.HeapUsed {
		return fmt.Errorf("%w: it may need %s and %s has %s left",
			ErrHeadroom, megabytes(snapshotFactor*m.HeapUsed), of, megabytes(free))
	}
	if m.HeapLimit > 0 && float64(m.HeapUsed) > 0.85*float64(m.HeapLimit) {
		return fmt.Errorf("%w: its heap holds %s of at most %s", ErrHeadroom, megabytes(m.HeapUsed), megabytes(m.HeapLimit))
	}
	return nil
}

func megabytes(n uint64) string {
	if n == math.MaxUint64 {
		return "unlimited memory"
	}
	return fmt.Sprintf("%.0f MB", float64(n)/1e6)
}
