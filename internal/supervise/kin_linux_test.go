package supervise

import (
	"os"
	"slices"
	"testing"
	"time"
)

// TestKin holds that a program is looked over at each call when it is young, and
// every few seconds later.
func TestKin(t *testing.T) {
	self := os.Getpid()
	stale := func(age time.Duration) kin { return kin{pids: []int{1}, looked: time.Now().Add(-age)} }
	for _, c := range []struct {
		name  string
		kin   kin
		age   time.Duration
		looks bool
	}{
		{"young", stale(0), time.Second, true},
		{"old, looked at just now", stale(0), time.Hour, false},
		{"old, looked at long ago", stale(2 * lookAway), time.Hour, true},
		{"old, never looked at", kin{}, time.Hour, true},
	} {
		if got := c.kin.of(self, c.age); slices.Contains(got, self) != c.looks {
			t.Errorf("%s: %d", c.name, got)
		}
	}
}
