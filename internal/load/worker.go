package load

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

// worker is one connection's worth of load: it sends a request, reads the
// response, and so on. With several sites it has a connection to each, and
// uses one at a time.
type worker struct {
	*run
	open   map[*site]*connection
	step   int // of a sequence
	values values
	jar    http.CookieJar // nil keeps no cookies

	message, body []byte // of the last request: memory to use again
	header        fasthttp.ResponseHeader
	batch         []time.Duration // latencies that are not handed in
	tally         tally
}

// work sends requests until the run is over.
func (w *worker) work(ctx context.Context) {
	defer w.end()
	for ctx.Err() == nil {
		turn, begin, ok := w.next(ctx)
		if !ok {
			return
		}
		w.one(ctx, w.target(turn), begin)
	}
}

// target is the index of the target to take next.
func (w *worker) target(turn int64) int {
	if w.plan.Sequence {
		defer func() { w.step = (w.step + 1) % len(w.requests) }()
		if w.step == 0 {
			w.values.draw()
		}
		return w.step
	}
	if w.random {
		w.values.draw()
	}
	return w.round[turn%int64(len(w.round))]
}

// one sends one request and counts what becomes of it. Its latency counts from
// begin, its timeout from now.
func (w *worker) one(ctx context.Context, target int, begin time.Time) {
	r := w.requests[target]
	w.values.n = w.plan.Count.Add(1)
	w.tally.perTarget[target]++
	now := time.Now()
	deadline := now.Add(w.plan.Timeout)
	c, err := w.connection(ctx, r.site, now, deadline)
	if err != nil {
		w.fail(ctx, connectKindOf(err), err)
		pause(ctx) // a server that is gone need not cost a whole processor
		return
	}
	received := c.received
	more, err := w.exchange(c, r, deadline)
	w.tally.received += c.received - received
	if err != nil {
		w.drop(r.site)
		w.fail(ctx, kindOf(err), err)
		return
	}
	end := time.Now()
	w.measured(end.Sub(begin))
	w.tally.completedWith(w.header.StatusCode())
	w.keepCookies(r)
	if more && w.plan.KeepAlive {
		c.answered(end, &w.header)
	} else {
		w.drop(r.site)
	}
}

// exchange sends a request over c and reads the response into w.header.
func (w *worker) exchange(c *connection, r *request, deadline time.Time) (more bool, err error) {
	if err := c.SetDeadline(deadline); err != nil {
		return false, err
	}
	w.message, w.body = r.appendTo(w.message[:0], w.body[:0], &w.values, w.cookies(r))
	n, failure := c.Write(w.message)
	w.tally.sent += int64(n)
	// A server may refuse a body that it has not read, answer and close: the
	// answer counts, if there is one.
	more, err = readResponse(c.in, &w.header, r.method)
	if failure != nil {
		more = false
		if err != nil {
			err = failure
		}
	}
	return more, err
}

// connection is the open connection to s, or a new one.
func (w *worker) connection(ctx context.Context, s *site, now, deadline time.Time) (*connection, error) {
	if c := w.open[s]; c != nil {
		if !c.stale(now) {
			return c, nil
		}
		w.drop(s)
	}
	c, err := s.connect(ctx, deadline)
	if err != nil {
		return nil, err
	}
	w.take(s, c)
	return c, nil
}

// take makes c the worker's connection to s.
func (w *worker) take(s *site, c *connection) {
	w.open[s] = c
	w.tally.connects++
}

func (w *worker) drop(s *site) {
	w.open[s].close()
	delete(w.open, s)
}

// fail counts a request without an answer. When the run was interrupted, that
// is why.
func (w *worker) fail(ctx context.Context, k Kind, err error) {
	if ctx.Err() != nil {
		w.tally.unfinished++
		return
	}
	w.tally.failed(k, err)
}

func (w *worker) measured(d time.Duration) {
	w.batch = append(w.batch, d)
	if len(w.batch) == cap(w.batch) {
		w.latencies.add(w.batch)
		w.batch = w.batch[:0]
	}
}

// end hands in what is left and closes the connections.
func (w *worker) end() {
	w.latencies.add(w.batch)
	for s := range w.open {
		w.drop(s)
	}
}

// cookies is the Cookie header for a request.
func (w *worker) cookies(r *request) string {
	if w.jar == nil {
		return ""
	}
	var pairs []string
	for _, c := range w.jar.Cookies(r.url) {
		pairs = append(pairs, c.String())
	}
	return strings.Join(pairs, "; ")
}

func (w *worker) keepCookies(r *request) {
	if w.jar == nil {
		return
	}
	var set []*http.Cookie
	for _, line := range w.header.Cookies() {
		if c, err := http.ParseSetCookie(string(line)); err == nil {
			set = append(set, c)
		}
	}
	w.jar.SetCookies(r.url, set)
}
