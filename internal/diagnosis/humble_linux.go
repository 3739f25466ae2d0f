package diagnosis

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// humble lets a process have what others leave. It is a courtesy: what fails
// changes no result.
func humble(pid int) {
	const nice = 10
	_ = unix.Setpriority(unix.PRIO_PROCESS, pid, nice)
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/oom_score_adj", pid), []byte("1000"), 0)
}
