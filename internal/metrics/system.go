package metrics

import "errors"

// errEnded says that a process is there no more, or another one under its id.
var errEnded = errors.New("the process has ended")

// usage is what the kernel tells of a process. What it does not tell is 0.
type usage struct {
	User, System            float64 // CPU time, seconds
	Resident, Virtual, Data float64 // bytes
	Files, MaxFiles         float64 // file descriptors
	Started                 float64 // seconds since 1970
}
