package monitor

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/config/receiver"
	"github.com/prometheus/alertmanager/dispatch"
	"github.com/prometheus/alertmanager/inhibit"
	"github.com/prometheus/alertmanager/notify"
	"github.com/prometheus/alertmanager/template"
	"github.com/prometheus/alertmanager/timeinterval"
	"github.com/prometheus/common/model"
)

// routing is what Alertmanager's file makes: every reload makes a new one.
type routing struct {
	dispatcher *dispatch.Dispatcher
	inhibitor  *inhibit.Inhibitor
}

func (r *routing) stop() {
	r.inhibitor.Stop()
	r.dispatcher.Stop()
}

// receivers are built from a file: the part of a reload that can fail.
type receivers struct {
	root      *dispatch.Route
	templates *template.Template
	byName    map[string][]notify.Integration
}

func newReceivers(c *config.Config, external *url.URL, log *slog.Logger) (*receivers, error) {
	t, err := template.FromGlobs(c.Templates)
	if err != nil {
		return nil, err
	}
	t.ExternalURL = external
	r := &receivers{dispatch.NewRoute(c.Route, nil), t, map[string][]notify.Integration{}}
	used := map[string]bool{}
	r.root.Walk(func(r *dispatch.Route) { used[r.RouteOpts.Receiver] = true })
	for _, one := range c.Receivers {
		if !used[one.Name] {
			continue
		}
		ways, err := receiver.BuildReceiverIntegrations(one, t, log)
		if err != nil {
			return nil, err
		}
		r.byName[one.Name] = sturdyAll(one.Name, ways)
	}
	return r, nil
}

// apply replaces what the last file made. The order is that of Alertmanager's own
// reload: what inhibits knows all alerts before anybody is notified.
func (a *alertmanager) apply(f *files) {
	c, r := f.alertmanager, f.receivers
	intervals := map[string][]timeinterval.TimeInterval{}
	for _, i := range c.MuteTimeIntervals {
		intervals[i.Name] = i.TimeIntervals
	}
	for _, i := range c.TimeIntervals {
		intervals[i.Name] = i.TimeIntervals
	}
	if last := a.routing.Load(); last != nil {
		last.stop()
	}
	inhibitor := inhibit.NewInhibitor(a.alerts, c.InhibitRules, a.log, a.records)
	alone := func() time.Duration { return 0 } // there is no cluster to wait for
	stages := a.pipeline.New(r.byName, alone, inhibitor, a.silencer, timeinterval.NewIntervener(intervals), a.muted, a.sent, nil)
	a.api.Update(c, func(ctx context.Context, labels model.LabelSet) {
		inhibitor.Mutes(ctx, labels)
		a.silencer.Mutes(ctx, labels)
	})
	timeout := func(d time.Duration) time.Duration { return max(d, notify.MinTimeout) }
	dispatcher := dispatch.NewDispatcher(a.alerts, r.root, stages, a.muted, timeout, amDispatchGC, nil, a.log, a.records, a.metrics, r.templates)
	go inhibitor.Run()
	inhibitor.WaitForLoading()
	go dispatcher.Run(a.started)
	dispatcher.WaitForLoading()
	a.routing.Store(&routing{dispatcher, inhibitor})
}
