package supervise

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// awaitReady finds out when a life can do its work.
func (l *life) awaitReady(i *instance) {
	ready := i.app.Ready
	timeout := time.NewTimer(ready.Timeout)
	defer timeout.Stop()
	var said, listened <-chan struct{}
	var answered chan struct{}
	lasted := time.NewTimer(i.app.Restart.MinUptime)
	defer lasted.Stop()
	what := "listening on a port"
	switch {
	case ready.Message:
		said, what = l.saidReady, "process.send('ready')"
		lasted.Stop()
	case ready.URL != "":
		what = ready.URL
		answered = make(chan struct{})
		lasted.Stop()
		l.helper.Go(func() {
			if pollURL(l.ctx, ready.URL) {
				close(answered)
			}
		})
	case i.pool != nil:
		listened = l.listening
		if i.listens.Load() {
			lasted.Stop() // it is a server
		}
	default:
		timeout.Stop()
	}
	select {
	case <-said:
	case <-answered:
	case <-listened:
	case <-lasted.C:
	case <-timeout.C:
		l.readiness <- fmt.Errorf("it was not ready in %s: %s did not come", ready.Timeout, what)
		return
	case <-l.ctx.Done():
		return
	}
	l.readiness <- nil
}

// pollURL tells when a URL answers; false when ctx ends before it does.
func pollURL(ctx context.Context, address string) bool {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		if askURL(ctx, address, 2*time.Second) == nil {
			return true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
}

// askURL holds that a URL answers with success or a redirection.
func askURL(ctx context.Context, address string, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	request.Header.Set("User-Agent", "plumb")
	request.Close = true
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s answers %s", address, response.Status)
	}
	return nil
}

// checkHealth asks a URL as long as the life lasts, and ends it when the URL
// fails too often in a row.
func (l *life) checkHealth(h Health) {
	tick := time.NewTicker(h.Interval)
	defer tick.Stop()
	for failures := 0; ; {
		select {
		case <-tick.C:
		case <-l.ctx.Done():
			return
		}
		err := askURL(l.ctx, h.URL, h.Timeout)
		switch {
		case l.ctx.Err() != nil:
			return
		case err == nil:
			failures = 0
			continue
		}
		if failures++; failures >= h.Failures {
			l.warn(fmt.Sprintf("the health check failed %d times in a row: %v", failures, err))
			l.decide(Unhealthy)
			return
		}
	}
}

// checkURL refuses an address that can never answer.
func checkURL(app, address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return &Error{"run " + app, fmt.Errorf("%q is no URL that can be asked", address), "write it as http://127.0.0.1:3000/health"}
	}
	return nil
}
