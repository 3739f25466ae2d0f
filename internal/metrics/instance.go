package metrics

import (
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Instance is a program over all its restarts.
type Instance struct {
	collector     *Collector
	app, instance string
	labels        labels

	mu       sync.Mutex
	targets  []*Target
	restarts map[string]float64 // by reason
	limit    *time.Duration     // predicted
	captured time.Time
	leaks    []Leak
}

// Leak is a finding.
type Leak struct {
	Variable        string
	BytesPerRequest float64
}

// Instance adds a program. instance tells the instances of one app apart; "" is
// no label.
func (c *Collector) Instance(app, instance string) *Instance {
	return c.add(app, instance, map[string]string{"app": app, "instance": instance})
}

// process adds a program that is one process, and may share its name with others.
func (c *Collector) process(app string, pid int) *Instance {
	return c.add(app, "", map[string]string{"app": app, "pid": strconv.Itoa(pid)})
}

func (c *Collector) add(app, instance string, l map[string]string) *Instance {
	i := &Instance{collector: c, app: app, instance: instance, restarts: map[string]float64{}, labels: c.labels(l)}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.instances = append(c.instances, i)
	return i
}

// App is the program's name as it is shown.
func (i *Instance) App() string {
	if given := i.collector.defaults["app"]; given != "" {
		return given
	}
	return i.app
}

// Watch adds a process of this machine. What the system tells of it is shown from
// now on, until it ends or is removed.
func (i *Instance) Watch(pid int) *Target {
	t := newTarget(pid, i.collector.labels(map[string]string{
		"app": i.app, "instance": i.instance, "pid": strconv.Itoa(pid),
	}))
	i.mu.Lock()
	defer i.mu.Unlock()
	i.targets = append(i.targets, t)
	return t
}

// watched are the targets that have not been removed.
func (i *Instance) watched() []*Target {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.targets = slices.DeleteFunc(i.targets, (*Target).removed)
	return slices.Clone(i.targets)
}

// Remove takes the program and its processes out.
func (i *Instance) Remove() {
	c := i.collector
	c.mu.Lock()
	c.instances = slices.DeleteFunc(c.instances, func(other *Instance) bool { return other == i })
	c.mu.Unlock()
	for _, t := range i.watched() {
		t.Remove()
	}
}

// Expect names reasons for a restart that may come, so that they are counted
// from 0: an increase from nothing to 1 is not seen by Prometheus.
func (i *Instance) Expect(reasons ...string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, reason := range reasons {
		i.restarts[reason] += 0
	}
}

// Restarted counts a restart.
func (i *Instance) Restarted(reason string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.restarts[reason]++
}

// Predict says when the memory limit will be reached as things go.
func (i *Instance) Predict(left time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.limit = &left
}

// Unpredict says that the limit is not being approached.
func (i *Instance) Unpredict() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.limit = nil
}

// Captured says when the last snapshot was taken.
func (i *Instance) Captured(at time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.captured = at
}

// Found says what leaks, by the newest diagnosis; the largest of it is shown.
func (i *Instance) Found(leaks []Leak) {
	i.mu.Lock()
	defer i.mu.Unlock()
	const shown = 20
	i.leaks = slices.Clone(leaks)
	slices.SortStableFunc(i.leaks, func(a, b Leak) int {
		switch {
		case a.BytesPerRequest > b.BytesPerRequest:
			return -1
		case a.BytesPerRequest < b.BytesPerRequest:
			return 1
		}
		return 0
	})
	i.leaks = i.leaks[:min(shown, len(i.leaks))]
}

var (
	restarts    = counter("plumb_restarts_total", "Restarts by plumb, by reason.")
	predicted   = gauge("plumb_predicted_seconds_to_limit", "Seconds until the memory limit is reached, as things go.")
	snapshotted = gauge("plumb_last_snapshot_timestamp_seconds", "When the last heap snapshot was taken, since 1970.")
	leaking     = gauge("plumb_leak_bytes_per_request", "What a variable keeps of each request, by the last diagnosis, in bytes.")
)

func (i *Instance) addTo(p *page) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, reason := range slices.Sorted(maps.Keys(i.restarts)) {
		p.set(restarts, i.labels.with("reason", reason), i.restarts[reason])
	}
	if i.limit != nil {
		p.set(predicted, i.labels, i.limit.Seconds())
	}
	if !i.captured.IsZero() {
		p.set(snapshotted, i.labels, float64(i.captured.UnixMilli())/1000)
	}
	named := map[string]bool{}
	for _, leak := range i.leaks {
		if !named[leak.Variable] {
			named[leak.Variable] = true
			p.set(leaking, i.labels.with("variable", leak.Variable), leak.BytesPerRequest)
		}
	}
}
