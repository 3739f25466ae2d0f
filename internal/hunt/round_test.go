package hunt

import (
	"testing"

	"github.com/plumb-dev/plumb/internal/node"
)

func TestChooseRequests(t *testing.T) {
	const limit = 4 << 30
	for name, test := range map[string]struct {
		work  Work
		left  int64 // bytes a request, by the warm-up
		limit uint64
		want  int
	}{
		"quick":                  {Work{Requests: 500, Seconds: 0.1}, 0, limit, most},
		"as many as two seconds": {Work{Requests: 500, Seconds: 2}, 0, limit, 500},
		"slow":                   {Work{Requests: 40, Seconds: 5}, 0, limit, fewest},
		"leaves a little":        {Work{Requests: 500, Seconds: 0.1}, 3000, limit, most},
		"leaves very much":       {Work{Requests: 500, Seconds: 0.1}, 160_000, limit, 100},
		"in a small heap":        {Work{Requests: 500, Seconds: 0.1}, 16_000, 64e6, 125},
		"more than there is":     {Work{Requests: 500, Seconds: 5}, 10e6, limit, fewest / 5},
		"gives back":             {Work{Requests: 500, Seconds: 0.1}, -1000, limit, most},
		"no requests":            {Work{}, 0, limit, most},
	} {
		h := &hunter{plan: Plan{Rounds: 8 - 1 - namingRounds}}
		before := node.Memory{HeapUsed: 10e6}
		after := node.Memory{HeapUsed: uint64(int64(before.HeapUsed) + test.left*test.work.Requests), HeapLimit: test.limit}
		if got := h.chooseRequests(test.work, before, after); got != test.want {
			t.Errorf("%s: a round of %d requests, want %d", name, got, test.want)
		}
	}
}
