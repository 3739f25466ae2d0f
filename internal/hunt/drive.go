package hunt

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/plumb-dev/plumb/internal/hunt/script"
	"github.com/plumb-dev/plumb/internal/load"
)

// driver makes the program work: n requests, or what it can of them within
// the limit (0 for none).
type driver interface {
	drive(ctx context.Context, n int, limit time.Duration, progress func(done int64)) (Work, error)
}

// newDriver makes the driver that a plan asks for. base is the program's own
// address, "" when it has none.
func newDriver(d Drive, base string, pid int, unit string) (driver, []string, error) {
	if d.Command != "" {
		return &command{line: d.Command, url: base, pid: pid, unit: unit}, nil, nil
	}
	plan := load.Plan{Connections: d.Connections, KeepAlive: true, Count: new(atomic.Int64), Insecure: true, IOwnTheHost: d.IOwnTheHost}
	if d.Script != nil {
		u, err := url.Parse(base)
		if err != nil {
			return nil, nil, err
		}
		s, err := script.Parse(d.Script, u)
		if err != nil {
			return nil, nil, fmt.Errorf("read script: %w", err)
		}
		plan.Targets, plan.Sequence, plan.Cookies = s.Targets, true, !s.Cookies()
		var notes []string
		if s.Skipped > 0 {
			notes = append(notes, fmt.Sprintf("left out of the script, because they go to other hosts: %s", plural(s.Skipped, "request")))
		}
		return &requests{plan}, notes, nil
	}
	urls := d.URLs
	if len(urls) == 0 {
		urls = []string{base}
	}
	for _, address := range urls {
		if strings.HasPrefix(address, "/") {
			address = strings.TrimSuffix(base, "/") + address
		}
		plan.Targets = append(plan.Targets, load.Target{Method: d.Method, URL: address, Header: http.Header(d.Header), Body: d.Body})
	}
	return &requests{plan}, nil, nil
}

// requests drives with HTTP.
type requests struct{ plan load.Plan }

func (r *requests) drive(ctx context.Context, n int, limit time.Duration, progress func(int64)) (Work, error) {
	plan := r.plan
	plan.Requests, plan.Duration = int64(n), limit
	plan.Progress = func(p load.Progress) { progress(p.Sent) }
	report, err := load.Run(ctx, plan)
	if report == nil {
		return Work{}, err
	}
	return Work{
		Requests: report.Completed, Seconds: report.Seconds, Statuses: report.StatusCodes, Errors: withoutStatus(report.Errors),
	}, err
}

// withoutStatus leaves the errors that are no answer: the statuses are counted
// on their own.
func withoutStatus(errs []load.ErrorCount) []load.ErrorCount {
	var kept []load.ErrorCount
	for _, e := range errs {
		if e.Kind != load.Status4xx && e.Kind != load.Status5xx {
			kept = append(kept, e)
		}
	}
	return kept
}

// command drives with a program of the user's.
type command struct {
	line, url string
	pid       int
	unit      string // "round" when it does not say how many requests it makes
	round     int
}

func (c *command) drive(ctx context.Context, n int, _ time.Duration, _ func(int64)) (Work, error) {
	c.round++
	run := exec.CommandContext(ctx, shell[0], append(shell[1:], c.line)...)
	run.Env = append(os.Environ(), "PLUMB_URL="+c.url, "PLUMB_PID="+strconv.Itoa(c.pid), "PLUMB_ROUND="+strconv.Itoa(c.round), "PLUMB_REQUESTS="+strconv.Itoa(n))
	asGroup(run)
	run.WaitDelay = 2 * time.Second
	var output tail
	run.Stdout, run.Stderr = &output, &output
	start := time.Now()
	err := run.Run()
	work := Work{Unit: c.unit, Seconds: time.Since(start).Seconds()}
	if ctx.Err() != nil {
		return work, context.Cause(ctx)
	}
	if err != nil {
		return work, &DriveError{Line: c.line, Err: err, Output: output.String()}
	}
	work.Requests = int64(n)
	return work, nil
}

// DriveError is a command of the user's that failed.
type DriveError struct {
	Line   string
	Err    error
	Output string // its last lines
}

func (e *DriveError) Error() string {
	text := fmt.Sprintf("run %q: %v", e.Line, e.Err)
	if e.Output != "" {
		text += ": " + e.Output
	}
	return text
}

func (e *DriveError) Unwrap() error { return e.Err }
