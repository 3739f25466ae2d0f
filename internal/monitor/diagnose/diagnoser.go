package diagnose

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/scrape"
)

// Limits of what is remembered and done at a time.
const (
	mostEpisodes = 10_000
	mostCases    = 1_000
	mostWaiting  = 1_000 // alerts whose plumb is to be found
	mostAsking   = 4
	forgetAfter  = time.Hour // rules send a resolved alert for a quarter of that
)

// Options are what a diagnoser works with.
type Options struct {
	Every   time.Duration // least time between two diagnoses of an app
	Parser  parser.Parser
	Targets func() map[string][]*scrape.Target
	// Client is an HTTP client that reaches the targets of a job.
	Client func(job string) (*http.Client, error)
	// Token is that of a plumb of this user and machine, "" for any other.
	Token  func(address string) string
	Notice func(text string) // what a person should know
}

// Diagnoser knows what alerts are about, and asks for it.
type Diagnoser struct {
	Options

	ctx     context.Context // of all that asks
	stop    context.CancelFunc
	work    sync.WaitGroup
	waiting chan *episode
	asking  chan struct{} // has room for those that ask now

	sending sync.Mutex // of alerts, so that none overtakes a newer one; held before mu

	mu       sync.Mutex
	episodes map[uint64]*episode // by their alert's labels
	cases    map[string]*inquiry
	targets  map[string][]*scrape.Target // when an alert was looked at last
	swept    time.Time
}

// episode is an alert from when it fires until it is resolved.
type episode struct {
	labels labels.Labels
	expr   string
	fired  time.Time

	seen    time.Time
	waiting bool     // its plumb is looked for
	about   *inquiry // nil when that is not known
	found   *finding
	again   func(*finding) // sends the alert again; nil when that has a finding or is resolved
}

// New starts a diagnoser.
func New(o Options) *Diagnoser {
	d := &Diagnoser{
		Options: o, waiting: make(chan *episode, mostWaiting), asking: make(chan struct{}, mostAsking),
		episodes: map[uint64]*episode{}, cases: map[string]*inquiry{},
	}
	d.ctx, d.stop = context.WithCancel(context.Background())
	d.work.Go(d.find)
	return d
}

// Close gives up what is asked, and returns when nothing of it runs any more.
func (d *Diagnoser) Close() {
	d.stop()
	d.work.Wait()
}

// Notify is next with annotations. Alerts without a finding are given to next once more
// as soon as there is one.
func (d *Diagnoser) Notify(next rules.NotifyFunc) rules.NotifyFunc {
	return func(ctx context.Context, expr string, alerts ...*rules.Alert) {
		d.sending.Lock()
		defer d.sending.Unlock()
		for _, a := range alerts {
			sent := *a
			f := d.findingFor(expr, a, time.Now(), func(f *finding) {
				sent.Annotations = f.annotate(sent.Annotations)
				next(d.ctx, expr, &sent)
			})
			if f != nil {
				a.Annotations = f.annotate(a.Annotations)
			}
		}
		next(ctx, expr, alerts...)
	}
}

// tell sends the alerts of a case again that have waited for its finding.
func (d *Diagnoser) tell(c *inquiry) {
	d.sending.Lock()
	defer d.sending.Unlock()
	d.mu.Lock()
	var due []*episode
	for _, e := range d.episodes {
		if e.about != c || e.again == nil {
			continue
		}
		if e.learn(d.Every); e.found != nil {
			due = append(due, e)
		}
	}
	d.mu.Unlock()
	for _, e := range due {
		e.again(e.found)
		e.again = nil
	}
}

// findingFor is what is known about an alert now. A resolved one has what it had. again
// is called when there is a finding later.
func (d *Diagnoser) findingFor(expr string, a *rules.Alert, now time.Time, again func(*finding)) *finding {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep(now)
	key := a.Labels.Hash()
	e := d.episodes[key]
	resolved := !a.ResolvedAt.IsZero()
	if !resolved && (e == nil || !e.fired.Equal(a.FiredAt)) {
		if e == nil && len(d.episodes) >= mostEpisodes {
			return nil
		}
		e = &episode{labels: a.Labels.Copy(), expr: expr, fired: a.FiredAt}
		d.episodes[key] = e
	}
	if e == nil {
		return nil
	}
	e.seen = now
	if e.about == nil { // after a start, an alert may fire before its target is scraped
		e.about = d.cases[keyOf(plumbs(d.targets, d.Parser, e.labels, expr))]
	}
	if e.about != nil {
		e.learn(d.Every)
	}
	e.again = nil
	if !resolved && e.found == nil {
		e.again = again
	}
	if e.again != nil && !e.waiting {
		select {
		case d.waiting <- e:
			e.waiting = true
		default: // the next time that it is sent
		}
	}
	return e.found
}

// learn takes over what its case has found: a finding that was fresh when the alert
// fired, or that is newer. Others may be about something else.
func (e *episode) learn(fresh time.Duration) {
	f := e.about.found
	if f != nil && f.time.After(e.fired.Add(-fresh)) && (e.found == nil || f.time.After(e.found.time)) {
		e.found = f
	}
}

// sweep forgets, once a minute, what is long over.
func (d *Diagnoser) sweep(now time.Time) {
	if now.Sub(d.swept) < time.Minute {
		return
	}
	d.swept = now
	used := map[*inquiry]bool{}
	for key, e := range d.episodes {
		if now.Sub(e.seen) > forgetAfter && !e.waiting {
			delete(d.episodes, key)
			continue
		}
		used[e.about] = true
	}
	for key, c := range d.cases {
		if !used[c] && !c.asking && now.After(c.next) {
			delete(d.cases, key)
		}
	}
}
