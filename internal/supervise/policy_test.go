package supervise

import (
	"slices"
	"testing"
	"time"
)

func TestPolicy(t *testing.T) {
	crash := Ended{Reason: Exited, Code: 1}
	for name, c := range map[string]struct {
		policy Policy
		ended  Ended
		want   verdict
	}{
		"failure":                       {Policy{When: OnFailure, MaxRestarts: 1}, crash, again},
		"success":                       {Policy{When: OnFailure, MaxRestarts: 1}, Ended{Reason: Exited}, done},
		"success, always":               {Policy{When: Always, MaxRestarts: 1}, Ended{Reason: Exited}, again},
		"failure, never":                {Policy{When: Never}, crash, done},
		"signal":                        {Policy{When: OnFailure, MaxRestarts: 1}, Ended{Reason: Signalled, Signal: "SIGSEGV", Code: -1}, again},
		"stop code":                     {Policy{When: Always, StopCodes: []int{0, 1}}, crash, done},
		"asked, never":                  {Policy{When: Never}, Ended{Reason: Restarted}, again},
		"stopped, always":               {Policy{When: Always}, Ended{Reason: Stopped}, done},
		"memory, on failure":            {Policy{When: OnFailure, MaxRestarts: 1}, Ended{Reason: MemoryLimit, Useful: time.Hour}, again},
		"memory, never":                 {Policy{When: Never}, Ended{Reason: MemoryLimit, Useful: time.Hour}, done},
		"no such program":               {Policy{When: Always, MaxRestarts: -1}, Ended{Reason: NotStarted, First: true}, giveUp},
		"program gone later":            {Policy{When: Always, MaxRestarts: 1}, Ended{Reason: NotStarted}, again},
		"short lives are not forgiven":  {Policy{When: Always, MinUptime: time.Second}, Ended{Reason: Exited, Uptime: time.Hour, Useful: time.Millisecond}, giveUp},
		"a life that lasts is no crash": {Policy{When: Always, MinUptime: time.Second}, Ended{Reason: Exited, Useful: time.Hour}, again},
	} {
		t.Run(name, func(t *testing.T) {
			if got, _ := c.policy.next(&streak{}, c.ended); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// TestBackoff holds that the waits double up to their limit, begin anew after a
// life that lasted, and that a crash loop ends.
func TestBackoff(t *testing.T) {
	policy := Policy{When: Always, MinUptime: time.Second, MaxRestarts: 10, Backoff: 100 * time.Millisecond}
	var s streak
	var waits []time.Duration
	for {
		what, wait := policy.next(&s, Ended{Reason: Exited, Code: 1, Useful: time.Millisecond})
		if what == giveUp {
			break
		}
		waits = append(waits, wait/time.Millisecond)
	}
	want := []time.Duration{100, 200, 400, 800, 1600, 3200, 6400, 12800, 15000, 15000}
	if !slices.Equal(waits, want) {
		t.Errorf("waits %d ms, want %d", waits, want)
	}
	s = streak{short: 10, failures: 9}
	if _, wait := policy.next(&s, Ended{Reason: Exited, Code: 1, Useful: 10 * time.Second}); wait != 15*time.Second || s.short != 0 {
		t.Errorf("after 10 s: wait %s, %d short lives", wait, s.short)
	}
	if _, wait := policy.next(&s, Ended{Reason: Exited, Code: 1, Useful: time.Minute}); wait != 100*time.Millisecond {
		t.Errorf("after a minute: wait %s", wait)
	}
	if _, wait := policy.next(&s, Ended{Reason: MemoryLimit, Useful: time.Minute}); wait != 0 {
		t.Errorf("what we end ourselves waits %s", wait)
	}
	forever := Policy{When: Always, MinUptime: time.Second, MaxRestarts: -1, Delay: time.Second, Backoff: time.Millisecond}
	s = streak{}
	for range 1000 {
		if what, wait := forever.next(&s, Ended{Reason: Exited}); what != again || wait < time.Second || wait > longestBackoff {
			t.Fatalf("%v after %s", what, wait)
		}
	}
}
