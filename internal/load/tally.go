package load

import (
	"cmp"
	"slices"
	"sync"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// tally is what one worker has counted.
type tally struct {
	perTarget  []int64
	completed  int64
	unfinished int64
	statuses   map[int]int64
	errors     map[Kind]*ErrorCount
	sent       int64 // bytes
	received   int64 // bytes
	connects   int64
}

func newTally(targets int) tally {
	return tally{perTarget: make([]int64, targets), statuses: map[int]int64{}, errors: map[Kind]*ErrorCount{}}
}

func (t *tally) failed(k Kind, err error) {
	e := t.errors[k]
	if e == nil {
		e = &ErrorCount{Kind: k}
		if err != nil {
			e.Example = err.Error()
		}
		t.errors[k] = e
	}
	e.Count++
}

// completedWith counts a response.
func (t *tally) completedWith(status int) {
	t.completed++
	t.statuses[status]++
	switch status / 100 {
	case 4:
		t.failed(Status4xx, nil)
	case 5:
		t.failed(Status5xx, nil)
	}
}

// addTo adds t to a report.
func (t *tally) addTo(r *Report) {
	for i, n := range t.perTarget {
		r.Requests += n
		r.Targets[i].Requests += n
	}
	r.Completed += t.completed
	r.Unfinished += t.unfinished
	r.BytesSent += t.sent
	r.BytesReceived += t.received
	r.Connects += t.connects
	for status, n := range t.statuses {
		r.StatusCodes[status] += n
	}
	for _, e := range t.errors {
		r.Failed += e.Count
		i := slices.IndexFunc(r.Errors, func(have ErrorCount) bool { return have.Kind == e.Kind })
		if i < 0 {
			r.Errors = append(r.Errors, *e)
		} else {
			r.Errors[i].Count += e.Count
		}
	}
	slices.SortFunc(r.Errors, func(a, b ErrorCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind))
	})
}

// latencies are those of all workers. A histogram is too large for each of a
// thousand workers and too contended for one lock per request, so workers hand
// theirs in by the batch.
type latencies struct {
	mu sync.Mutex
	h  *hdr.Histogram
}

func (l *latencies) add(batch []time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range batch {
		// Rounded up: nothing takes no time. In range, it cannot fail.
		us := min(max(1, (d+time.Microsecond-1).Microseconds()), longest.Microseconds())
		_ = l.h.RecordValue(us)
	}
}
