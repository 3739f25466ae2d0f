package load

import (
	"testing"
	"time"
)

func TestKeepAliveTimeout(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"timeout=5":            5 * time.Second, // Node.js
		"timeout=5, max=1000":  5 * time.Second, // Apache
		"max=3,Timeout=\"60\"": time.Minute,
		"timeout=x":            0,
		"timeout=-1":           0,
		"":                     0,
	} {
		if got := keepAliveTimeout([]byte(header)); got != want {
			t.Errorf("%s is %v, want %v", header, got, want)
		}
	}
}

// A connection that the server is about to close is not used again.
func TestStale(t *testing.T) {
	used := time.Now()
	for _, test := range []struct {
		idle, since time.Duration
		want        bool
	}{
		{0, time.Hour, false}, // the server said nothing
		{5 * time.Second, 3900 * time.Millisecond, false},
		{5 * time.Second, 4100 * time.Millisecond, true},
		{time.Second, 400 * time.Millisecond, false},
		{time.Second, 600 * time.Millisecond, true},
	} {
		c := &connection{idle: test.idle, used: used}
		if got := c.stale(used.Add(test.since)); got != test.want {
			t.Errorf("%v after a response, with %v: %v", test.since, test.idle, got)
		}
	}
}
