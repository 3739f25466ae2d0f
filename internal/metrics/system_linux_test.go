package metrics

import (
	"errors"
	"os/exec"
	"testing"
)

// TestZombie reads a process that has ended and that its parent, we, has not asked
// for yet.
func TestZombie(t *testing.T) {
	cmd := exec.Command("true")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Wait() }()
	s := newSystem(cmd.Process.Pid)
	defer s.close()
	until(t, "it counts as ended", func() bool {
		_, err := s.read()
		return errors.Is(err, errEnded)
	})
}
