package diagnosis

import "context"

// traffic is how many requests a program has answered since the baseline.
type traffic struct {
	first, last uint64
	asked       bool
	silent      bool // it did not say when it was asked last
	lost        bool // it did not say at the baseline, or the count began anew meanwhile
}

// countRequests asks for the count; from time to time, so that it goes on.
func (w *watch) countRequests(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	n, known := w.Requests(ctx)
	t := &w.traffic
	switch t.silent = !known; {
	case !t.asked:
		t.asked, t.lost = true, !known
		t.first, t.last = n, n
	case known:
		t.lost = t.lost || n < t.last
		t.last = n
	}
}

// requests are those since the baseline, 0 when that is not known.
func (t *traffic) requests() int {
	if t.lost || t.silent {
		return 0
	}
	return int(t.last - t.first)
}
