package node

import (
	"math"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestCgroupHeadroom reads cgroup files of both versions.
func TestCgroupHeadroom(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  uint64
	}{
		"version 2, limit of a parent": {map[string]string{
			"proc/1/cgroup":                        "0::/app/web\n",
			"sys/fs/cgroup/app/web/memory.max":     "max\n",
			"sys/fs/cgroup/app/web/memory.current": "500\n",
			"sys/fs/cgroup/app/memory.max":         "1000\n",
			"sys/fs/cgroup/app/memory.current":     "900\n",
			"sys/fs/cgroup/app/memory.stat":        "anon 600\ninactive_file 250\n",
		}, 350},
		"version 2, in a container": {map[string]string{
			"proc/1/cgroup":                "0::/\n",
			"sys/fs/cgroup/memory.max":     "1000\n",
			"sys/fs/cgroup/memory.current": "1200\n",
		}, 0},
		"version 1": {map[string]string{
			"proc/1/cgroup": "5:devices:/\n4:memory:/app\n0::/\n",
			"sys/fs/cgroup/memory/app/memory.limit_in_bytes": "1000\n",
			"sys/fs/cgroup/memory/app/memory.usage_in_bytes": "300\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":     "9223372036854771712\n",
			"sys/fs/cgroup/memory/memory.usage_in_bytes":     "300\n",
		}, 700},
		"none": {map[string]string{"proc/1/cgroup": "0::/\n"}, math.MaxUint64},
	} {
		t.Run(name, func(t *testing.T) {
			if got := cgroupHeadroom(writeTree(t, c.files), 1); got != c.want {
				t.Errorf("%d bytes, want %d", got, c.want)
			}
		})
	}
}

func mountTiny(dir string) error {
	return syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k")
}

func unmount(dir string) error { return syscall.Unmount(dir, 0) }

// TestOOMKills reads the counter of the cgroup, or that of the machine.
func TestOOMKills(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  uint64
	}{
		"version 2": {map[string]string{
			"proc/1/cgroup":                       "0::/app\n",
			"sys/fs/cgroup/app/memory.events":     "oom 3\noom_kill 2\noom_group_kill 0\n",
			"proc/vmstat":                         "oom_kill 9\n",
			"sys/fs/cgroup/memory.events":         "oom_kill 7\n",
			"sys/fs/cgroup/unified/memory.events": "oom_kill 8\n",
		}, 2},
		"version 1": {map[string]string{
			"proc/1/cgroup": "4:memory:/app\n0::/\n",
			"sys/fs/cgroup/memory/app/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n",
		}, 4},
		"the machine's": {map[string]string{"proc/1/cgroup": "0::/\n", "proc/vmstat": "nr_free 1\noom_kill 9\n"}, 9},
	} {
		t.Run(name, func(t *testing.T) {
			if got := oomKills(writeTree(t, c.files), 1); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}

// writeTree makes files below a new folder.
func writeTree(t *testing.T, files map[string]string) (root string) {
	t.Helper()
	root = t.TempDir()
	for path, text := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}
