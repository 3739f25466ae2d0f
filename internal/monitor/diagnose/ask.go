package diagnose

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/diagnosis/call"
)

// Time limits of what a plumb is asked. A diagnosis takes a second for each 100 MB
// or so of heap, and its comparison some more. What takes longer is not lost: plumb
// keeps the finding, and is asked for it later.
const (
	listTimeout      = 30 * time.Second
	diagnosisTimeout = 10 * time.Minute
)

// inquiry is a case: one app of one plumb.
type inquiry struct {
	plumbs []plumb // that may have the app
	found  *finding

	asking bool
	begun  bool      // one of the programs is at it, and is to be asked again
	next   time.Time // when a plumb may be asked again
	said   string    // what a person was told last
}

// find finds the cases of the alerts that wait, and has plumbs asked.
func (d *Diagnoser) find() {
	for {
		select {
		case e := <-d.waiting:
			targets := d.Targets() // which may take a while, as when files are read again
			list := plumbs(targets, d.Parser, e.labels, e.expr)
			d.mu.Lock()
			d.targets = targets
			e.waiting = false
			c := d.caseOf(list)
			if c != nil {
				e.about = c
				if e.learn(d.Every); e.found == nil && !c.asking && !time.Now().Before(c.next) {
					c.asking = true
					d.work.Go(func() { d.ask(c, e.labels.Get(labels.AlertName)) })
				}
			}
			d.mu.Unlock()
			if c != nil {
				d.tell(c)
			}
		case <-d.ctx.Done():
			return
		}
	}
}

// caseOf is nil where no plumb can be asked.
func (d *Diagnoser) caseOf(list []plumb) *inquiry {
	if len(list) == 0 {
		return nil
	}
	key := keyOf(list)
	c := d.cases[key]
	if c == nil && len(d.cases) < mostCases {
		c = &inquiry{}
		d.cases[key] = c
	}
	if c != nil && !c.asking && !c.begun {
		c.plumbs = list
	}
	return c
}

// keyOf names a case, "" for none. The instances of an app that is kept up are one
// program; others that share a name are not.
func keyOf(list []plumb) string {
	if len(list) == 0 {
		return ""
	}
	key := list[0].call.App
	if list[0].call.Instance == "" {
		key += "\x00" + list[0].call.PID
	}
	for _, p := range list {
		key += "\x00" + p.url
	}
	return key
}

// ask asks the plumbs of a case, and says how it went.
func (d *Diagnoser) ask(c *inquiry, alert string) {
	var f *finding
	err := context.Canceled
	select {
	case d.asking <- struct{}{}:
		f, err = d.askAny(c.plumbs, alert)
		<-d.asking
	case <-d.ctx.Done():
	}
	said := d.settle(c, alert, f, err)
	if d.ctx.Err() != nil {
		return
	}
	d.tell(c)
	if said != "" {
		d.Notice(said)
	}
}

// settle notes what came of asking, and returns what a person does not know yet.
func (d *Diagnoser) settle(c *inquiry, alert string, f *finding, err error) (said string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c.asking, c.begun = false, call.Later(err) > 0
	wait, none := d.Every, "no diagnosis"
	if in := call.Later(err); in > 0 {
		wait, none = min(in, d.Every), "no diagnosis yet"
	} else if err != nil && call.Refused(err) != http.StatusUnprocessableEntity { // that has cost the program something
		wait = d.Every / 10
	}
	c.next = time.Now().Add(wait)
	app := c.plumbs[0].call.App
	if app == "" {
		app = c.plumbs[0].url
	}
	if err == nil {
		c.found = f
		said = fmt.Sprintf("%s: the alert %s brings its diagnosis: %s", app, alert, f.line)
	} else {
		said = fmt.Sprintf("%s: the alert %s brings %s: %s", app, alert, none, words(err))
	}
	if said == c.said {
		return ""
	}
	c.said = said
	return said
}

// words are an error in one line.
func words(err error) string {
	var r *call.Refusal
	if errors.As(err, &r) && r.Hint != "" {
		return r.Text + " (" + r.Hint + ")"
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "plumb does not answer in time"
	}
	if err == nil {
		return ""
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

// askAny asks one plumb after the other: for a fresh finding, then for a new one. One
// that has not the app says so.
func (d *Diagnoser) askAny(list []plumb, alert string) (*finding, error) {
	if list[0].call.App == "" && len(list) > 1 {
		return nil, fmt.Errorf("it may be about any of %d plumbs: keep the labels app and instance in its rule", len(list))
	}
	var err error
	var answering []plumb
	for _, p := range list {
		f, failed := d.fresh(p)
		if f != nil {
			return f, nil
		}
		if failed == nil || call.Refused(failed) != 0 {
			answering = append(answering, p)
		}
		err = failed
	}
	for _, p := range answering {
		var f *finding
		f, err = d.diagnose(p, alert)
		if status := call.Refused(err); status != http.StatusNotFound && status != http.StatusNotImplemented {
			return f, err
		}
	}
	return nil, err
}

// fresh is the newest finding that a plumb has of an app, nil when that is older than
// a diagnosis may be.
func (d *Diagnoser) fresh(p plumb) (f *finding, err error) {
	if p.call.App == "" {
		return nil, nil // the findings of one user are in one place, whatever plumb they are of
	}
	err = d.with(p, listTimeout, func(ctx context.Context, c *call.Client) error {
		newest, err := c.Newest(ctx, p.call.App)
		if err == nil && newest != nil && time.Since(newest.Time) < d.Every && p.made(newest) {
			f = newFinding(newest, newest.Time, c.FindingURL(newest.ID))
		}
		return err
	})
	return f, err
}

// made tells whether a finding is of the program that is meant. What is kept up has a
// name of its own and, as its label "instance", a number; other programs may share a
// name.
func (p plumb) made(f *diagnosis.Finding) bool {
	return p.call.Instance != "" || p.call.PID == "" || p.call.PID == strconv.Itoa(f.Program.PID)
}

func (d *Diagnoser) diagnose(p plumb, alert string) (f *finding, err error) {
	err = d.with(p, diagnosisTimeout, func(ctx context.Context, c *call.Client) error {
		which := p.call
		which.Why = "the alert " + alert + " fires"
		var made *diagnosis.Finding
		if made, err = c.Diagnose(ctx, which); err == nil {
			f = newFinding(made, time.Now(), c.FindingURL(made.ID))
		}
		return err
	})
	return f, err
}

// with has a plumb asked over the job's own way to it, and within a time.
func (d *Diagnoser) with(p plumb, limit time.Duration, ask func(context.Context, *call.Client) error) error {
	client, err := d.Client(p.job)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(d.ctx, limit)
	defer cancel()
	return ask(ctx, &call.Client{URL: p.url, Token: d.Token(p.address), HTTP: client})
}
