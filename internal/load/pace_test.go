package load

import (
	"net/http"
	"testing"
	"time"
)

// Requests that were due while nobody could send them count from when they
// were due.
func TestLateRequests(t *testing.T) {
	start := time.Now().Add(-time.Hour)
	r := &run{plan: Plan{RPS: 10, Requests: 5}, start: start}
	for i := range 5 {
		turn, begin, ok := r.next(t.Context())
		if want := start.Add(time.Duration(i) * 100 * time.Millisecond); turn != int64(i) || !begin.Equal(want) || !ok {
			t.Errorf("turn %d begins %v after the start, want %v", turn, begin.Sub(start), want.Sub(start))
		}
	}
	if _, _, ok := r.next(t.Context()); ok {
		t.Error("a sixth request")
	}
}

func TestEarlyRequestsWait(t *testing.T) {
	r := &run{plan: Plan{RPS: 100, Requests: 3}, start: time.Now()}
	for i := range 3 {
		_, begin, ok := r.next(t.Context())
		due := r.start.Add(time.Duration(i) * 10 * time.Millisecond)
		if !ok || begin.Before(due) || time.Now().Before(due) {
			t.Errorf("request %d was sent %v early", i, due.Sub(begin))
		}
	}
}

func TestNothingIsDueAfterTheEnd(t *testing.T) {
	r := &run{plan: Plan{RPS: 10, Duration: 250 * time.Millisecond}, start: time.Now()}
	sent := 0
	for {
		if _, _, ok := r.next(t.Context()); !ok {
			break
		}
		sent++
	}
	if sent > 3 { // at 0, 100 and 200 ms, fewer when the machine is slow
		t.Errorf("%d requests", sent)
	}
	r = &run{plan: Plan{Duration: time.Second}, start: time.Now().Add(-time.Minute)}
	if _, _, ok := r.next(t.Context()); ok {
		t.Error("a request after the end")
	}
}

// One stalled answer delays all that come due meanwhile, and the report shows
// it: a closed loop would show one slow request.
func TestCoordinatedOmission(t *testing.T) {
	first := true
	j := serve(t, func(http.ResponseWriter, *http.Request) {
		if first {
			first = false
			time.Sleep(200 * time.Millisecond) // the slow server under test
		}
	})
	r := mustRun(t, Plan{Targets: []Target{{URL: j.URL}}, Requests: 20, RPS: 200, KeepAlive: true})
	// Due every 5 ms: the tenth waited for at least 150 ms.
	if r.Latency.P50 < 100_000 {
		t.Errorf("half of the requests took %d µs or less", r.Latency.P50)
	}
}
