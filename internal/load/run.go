package load

import (
	"context"
	"net/http/cookiejar"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// run is a plan being carried out: what the workers share.
type run struct {
	plan      Plan
	requests  []*request // of the targets, by index
	round     []int      // indexes of targets
	random    bool       // placeholders with random values occur
	start     time.Time
	turn      atomic.Int64 // requests given to workers
	latencies latencies
}

// batchSize is how many latencies a worker keeps to itself.
const batchSize = 256

// Run carries out a plan.
//
// It fails before anything is sent when the plan is wrong, when a host is
// foreign ([ForeignHostError]) and when a site takes no connection
// ([ConnectError]). Later failures are counted. When ctx ends, requests under
// way are abandoned, and the report of what was measured until then comes with
// the context's error.
func Run(ctx context.Context, plan Plan) (*Report, error) {
	r, err := newRun(plan)
	if err != nil {
		return nil, err
	}
	workers := make([]*worker, r.plan.Connections)
	for i := range workers {
		workers[i] = r.newWorker()
	}
	// The first connection to each site is a worker's like any other: what is
	// measured sees no visitor that does not send.
	if err := r.reach(ctx, workers[0]); err != nil {
		workers[0].end()
		return nil, err
	}

	r.start = time.Now()
	stopProgress := r.reportProgress()
	var group sync.WaitGroup
	for _, w := range workers {
		group.Go(func() { w.work(ctx) })
	}
	group.Wait()
	took := time.Since(r.start)
	stopProgress()
	report := r.report(workers, took)
	// A run that was complete when the context ended lacks nothing.
	report.Interrupted = ctx.Err() != nil && !r.complete(report)
	if report.Interrupted {
		return report, context.Cause(ctx)
	}
	return report, nil
}

// complete says whether the plan was carried out.
func (r *run) complete(report *Report) bool {
	if report.Unfinished > 0 {
		return false
	}
	return r.plan.Requests > 0 && report.Requests == r.plan.Requests || r.over(time.Now())
}

func newRun(plan Plan) (*run, error) {
	plan, err := plan.complete()
	if err != nil {
		return nil, err
	}
	r := &run{plan: plan, round: turns(plan.Targets), latencies: latencies{h: newHistogram()}}
	for _, t := range plan.Targets {
		q, err := prepare(t, plan.KeepAlive)
		if err != nil {
			return nil, err
		}
		if plan.Cookies && t.Header.Get("Cookie") != "" {
			return nil, errCookies
		}
		for _, part := range []template{q.path, q.head, q.body} {
			r.random = r.random || slices.ContainsFunc(part.values, func(p placeholder) bool { return p != number })
		}
		r.requests = append(r.requests, q)
	}
	return r, nil
}

func (r *run) newWorker() *worker {
	w := &worker{
		run:   r,
		open:  map[*site]*connection{},
		batch: make([]time.Duration, 0, batchSize),
		tally: newTally(len(r.requests)),
	}
	if r.plan.Cookies {
		w.jar, _ = cookiejar.New(nil) // never fails
	}
	return w
}

// reach finds the sites of all requests and opens a connection to each.
func (r *run) reach(ctx context.Context, first *worker) error {
	sites := map[string]*site{}
	for _, q := range r.requests {
		key := q.url.Scheme + "://" + q.url.Host
		if sites[key] == nil {
			s, err := resolve(ctx, q.url, r.plan.IOwnTheHost, r.plan.Insecure)
			if err != nil {
				return err
			}
			sites[key] = s
		}
		q.site = sites[key]
	}
	for _, q := range r.requests {
		if first.open[q.site] != nil {
			continue
		}
		c, err := q.site.connectFirst(ctx, r.plan.Timeout)
		if err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return err
		}
		first.take(q.site, c)
	}
	return nil
}

// reportProgress calls Plan.Progress until the returned function is called.
func (r *run) reportProgress() (stop func()) {
	if r.plan.Progress == nil {
		return func() {}
	}
	show := func() {
		sent := r.turn.Load()
		if r.plan.Requests > 0 {
			sent = min(sent, r.plan.Requests) // workers at the end ask for one more
		}
		r.plan.Progress(Progress{Sent: sent, Total: r.plan.Requests, Elapsed: time.Since(r.start)})
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			show()
			select {
			case <-quit:
				return
			case <-tick.C:
			}
		}
	}()
	return func() {
		close(quit)
		<-done
	}
}

func (r *run) report(workers []*worker, took time.Duration) *Report {
	report := &Report{
		Errors:      []ErrorCount{},
		StatusCodes: map[int]int64{},
		Seconds:     took.Seconds(),
		TargetRate:  r.plan.RPS,
		Latency:     latencyOf(r.latencies.h),
	}
	for i, t := range r.plan.Targets {
		report.Targets = append(report.Targets, TargetCount{Method: r.requests[i].method, URL: t.URL})
	}
	for _, w := range workers {
		w.tally.addTo(report)
	}
	report.Rate = float64(report.Completed) / took.Seconds()
	return report
}
