package node

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// partialName is the name of a file that is not whole yet: it says who writes
// it, on which host, because a directory may be shared by several.
var partialName = regexp.MustCompile(`^\.plumb-\d+-(\d+)@(.+)\.partial$`)

// createPartial creates a file in dir under a name that nobody reads, with mode
// 0600. Those that killed writers have left there are removed.
func createPartial(dir string) (*os.File, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	removeStale(dir, host)
	return os.CreateTemp(dir, fmt.Sprintf(".plumb-*-%d@%s.partial", os.Getpid(), host))
}

// removeStale is a courtesy: what it cannot read or remove stays.
func removeStale(dir, host string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		m := partialName.FindStringSubmatch(e.Name())
		if m == nil || m[2] != host || !e.Type().IsRegular() {
			continue
		}
		if pid, err := strconv.Atoi(m[1]); err == nil && pid > 0 && !exists(pid) {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
