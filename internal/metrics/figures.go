package metrics

import (
	"math"
	"strings"
)

// The default metrics of prom-client 15.
var (
	cpuUser    = counter("process_cpu_user_seconds_total", "Total user CPU time spent in seconds.")
	cpuSystem  = counter("process_cpu_system_seconds_total", "Total system CPU time spent in seconds.")
	cpuTotal   = counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")
	startTime  = gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
	resident   = gauge("process_resident_memory_bytes", "Resident memory size in bytes.")
	virtual    = gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.")
	data       = gauge("process_heap_bytes", "Process heap size in bytes.")
	openFiles  = gauge("process_open_fds", "Number of open file descriptors.")
	maxFiles   = gauge("process_max_fds", "Maximum number of open file descriptors.")
	lag        = gauge("nodejs_eventloop_lag_seconds", "Lag of event loop in seconds.")
	lagMin     = gauge("nodejs_eventloop_lag_min_seconds", "The minimum recorded event loop delay.")
	lagMax     = gauge("nodejs_eventloop_lag_max_seconds", "The maximum recorded event loop delay.")
	lagMean    = gauge("nodejs_eventloop_lag_mean_seconds", "The mean of the recorded event loop delays.")
	lagStddev  = gauge("nodejs_eventloop_lag_stddev_seconds", "The standard deviation of the recorded event loop delays.")
	lagP50     = gauge("nodejs_eventloop_lag_p50_seconds", "The 50th percentile of the recorded event loop delays.")
	lagP90     = gauge("nodejs_eventloop_lag_p90_seconds", "The 90th percentile of the recorded event loop delays.")
	lagP99     = gauge("nodejs_eventloop_lag_p99_seconds", "The 99th percentile of the recorded event loop delays.")
	resources  = gauge("nodejs_active_resources", "Number of active resources that are currently keeping the event loop alive, grouped by async resource type.")
	resourcesN = gauge("nodejs_active_resources_total", "Total number of active resources.")
	handles    = gauge("nodejs_active_handles", "Number of active libuv handles grouped by handle type. Every handle type is C++ class name.")
	handlesN   = gauge("nodejs_active_handles_total", "Total number of active handles.")
	requests   = gauge("nodejs_active_requests", "Number of active libuv requests grouped by request type. Every request type is C++ class name.")
	requestsN  = gauge("nodejs_active_requests_total", "Total number of active requests.")
	heapTotal  = gauge("nodejs_heap_size_total_bytes", "Process heap size from Node.js in bytes.")
	heapUsed   = gauge("nodejs_heap_size_used_bytes", "Process heap size used from Node.js in bytes.")
	external   = gauge("nodejs_external_memory_bytes", "Node.js external memory size in bytes.")
	spaceTotal = gauge("nodejs_heap_space_size_total_bytes", "Process heap space size total from Node.js in bytes.")
	spaceUsed  = gauge("nodejs_heap_space_size_used_bytes", "Process heap space size used from Node.js in bytes.")
	spaceFree  = gauge("nodejs_heap_space_size_available_bytes", "Process heap space size available from Node.js in bytes.")
	version    = gauge("nodejs_version_info", "Node.js version info.")
	gcDuration = histogram("nodejs_gc_duration_seconds", "Garbage collection duration by kind, one of major, minor, incremental or weakcb.")
)

// What prom-client has not.
var (
	up           = gauge("plumb_up", "1 when the program itself has answered this scrape, 0 when only the system tells of it.")
	scrapeErrors = counter("plumb_scrape_errors_total", "Scrapes that the program itself has not answered.")
	arrayBuffers = gauge("plumb_array_buffers_bytes", "Memory of ArrayBuffers and Buffers, part of nodejs_external_memory_bytes.")
	heapLimit    = gauge("plumb_heap_limit_bytes", "The size to which V8 lets the heap grow.")
)

var gcBounds = []float64{0.001, 0.01, 0.1, 1, 2, 5} // seconds, as in probe.js

func (s *sample) addTo(p *page, l labels) {
	if s.ended {
		return
	}
	s.usage.addTo(p, l)
	if s.wanted {
		answered := 0.0
		if s.reading != nil {
			answered = 1
		}
		p.set(up, l, answered)
		p.set(scrapeErrors, l, s.failures)
	}
	if s.reading != nil {
		s.reading.addTo(p, l)
	}
}

func (u *usage) addTo(p *page, l labels) {
	p.set(cpuUser, l, u.User)
	p.set(cpuSystem, l, u.System)
	p.set(cpuTotal, l, math.Round((u.User+u.System)*1e6)/1e6) // both are decimals: so is the sum
	for _, known := range []struct {
		m     *metric
		value float64
	}{
		{startTime, u.Started},
		{resident, u.Resident},
		{virtual, u.Virtual},
		{data, u.Data},
		{openFiles, u.Files},
		{maxFiles, u.MaxFiles},
	} {
		if known.value > 0 {
			p.set(known.m, l, known.value)
		}
	}
}

func (r *reading) addTo(p *page, l labels) {
	p.set(heapTotal, l, r.HeapTotal)
	p.set(heapUsed, l, r.HeapUsed)
	p.set(external, l, r.External)
	p.set(arrayBuffers, l, r.ArrayBuffers)
	p.set(heapLimit, l, r.Limit)
	for _, s := range r.Spaces {
		of := l.with("space", s.Name)
		p.set(spaceTotal, of, s.Total)
		p.set(spaceUsed, of, s.Used)
		p.set(spaceFree, of, s.Available)
	}
	r.Delay.addTo(p, l, r.Lag)
	r.Resources.addTo(p, l, resources, resourcesN)
	r.Handles.addTo(p, l, handles, handlesN)
	r.Requests.addTo(p, l, requests, requestsN)
	for _, gc := range r.GC {
		p.observed(gcDuration, l.with("kind", gc.Kind), gcBounds, gc.Counts, gc.Sum)
	}
	if parts := strings.SplitN(strings.TrimPrefix(r.Version, "v"), ".", 3); len(parts) == 3 {
		// prom-client reads the last as a number: a nightly has none.
		p.set(version, l.with("version", r.Version, "major", parts[0], "minor", parts[1], "patch", parts[2]), 1)
	}
	for n := range r.HTTP {
		r.HTTP[n].addTo(p, l)
	}
}

func (d *delay) addTo(p *page, l labels, seconds float64) {
	if d == nil {
		return
	}
	p.set(lag, l, seconds)
	for _, part := range []struct {
		m           *metric
		nanoseconds float64
	}{
		{lagMin, d.Min},
		{lagMax, d.Max},
		{lagMean, d.Mean},
		{lagStddev, d.Stddev},
		{lagP50, d.P50},
		{lagP90, d.P90},
		{lagP99, d.P99},
	} {
		value := part.nanoseconds / 1e9
		if d.Count == 0 { // where prom-client shows a minimum of 292 years
			value = math.NaN()
		}
		p.set(part.m, l, value)
	}
}

func (t *types) addTo(p *page, l labels, each, total *metric) {
	if t == nil {
		return
	}
	for _, one := range t.Types {
		p.set(each, l.with("type", one.Name), one.Count)
	}
	p.set(total, l, t.Total)
}
