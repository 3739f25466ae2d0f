package diagnosis

import (
	"context"
	"testing"
)

func TestTraffic(t *testing.T) {
	const unknown = -1
	for name, c := range map[string]struct {
		counts []int
		want   int
	}{
		"none":                {nil, 0},
		"never known":         {[]int{unknown, unknown}, 0},
		"since the baseline":  {[]int{7, 9, 107}, 100},
		"silent for a while":  {[]int{7, unknown, 107}, 100},
		"began anew":          {[]int{7, 0, 107}, 0},
		"not at the baseline": {[]int{unknown, 7, 9}, 0},
		"not at the alarm":    {[]int{7, 9, unknown}, 0},
		"no traffic":          {[]int{7, 7}, 0},
	} {
		at := 0
		w := &watch{Options: Options{Requests: func(context.Context) (uint64, bool) {
			n := c.counts[at]
			at++
			return uint64(max(n, 0)), n != unknown
		}}}
		for range c.counts {
			w.countRequests(t.Context())
		}
		if got := w.traffic.requests(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
