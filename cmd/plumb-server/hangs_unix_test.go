//go:build unix

package main

import (
	"syscall"
	"testing"
)

// TestPlumbHangs has a plumb stand still, or be killed, in the middle of a diagnosis:
// the alert goes out and ends as if there were none.
func TestPlumbHangs(t *testing.T) {
	plumb := buildPlumb(t)
	for name, signal := range map[string]syscall.Signal{"stopped": syscall.SIGSTOP, "killed": syscall.SIGKILL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			k := keepLeaking(t, plumb, dir)
			hook, got := startListener(t)
			monitorFiles(t, dir, k.address, hook, "")
			s := start(t, dir, "--config.file=prometheus.yml", "--alertmanager.config.file=alertmanager.yml")
			s.query(`nodejs_heap_size_used_bytes{app="shop"}`)
			s.addRules(dir, highHeap("10s"))
			k.says(t, "the alert HeapHigh fires")
			t.Cleanup(func() { _ = k.cmd.Process.Signal(syscall.SIGCONT) })
			if err := k.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			for _, status := range []string{"firing", "resolved"} {
				n := wait(t, status, got, func(n notification) bool { return n.Status == status })
				if a := n.Alerts[0]; a.Labels["alertname"] != "HeapHigh" || a.Annotations["summary"] == "" || a.Annotations["plumb_finding"] != "" {
					t.Errorf("%s: %v", status, a)
				}
			}
		})
	}
}
