package metrics

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Collector shows programs to Prometheus. It is an http.Handler for /metrics, safe
// for concurrent use.
type Collector struct {
	defaults map[string]string
	patience time.Duration
	pages    sync.Pool // of *page: what one scrape took the next one uses

	mu        sync.Mutex
	instances []*Instance
	spool     func() Spool // nil for none
}

// patience is how long a scrape waits for a program. One that was late once is
// not waited for until it has answered.
const patience = time.Second

// CheckLabel tells whether a label may be added to everything: it has a name that
// Prometheus knows, and none that tells samples apart.
func CheckLabel(name string) error {
	switch {
	case !labelName.MatchString(name) || strings.HasPrefix(name, "__"):
		return fmt.Errorf("label %q: a name has letters, digits and _, and begins with neither a digit nor __", name)
	case slices.Contains(ours, name):
		return fmt.Errorf("label %q: it tells samples of one program apart", name)
	}
	return nil
}

var labelName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// ours are the labels that samples have besides those of their program.
var ours = []string{
	"pid", "le", "quantile", "type", "space", "kind", "version", "major", "minor", "patch", "method", "route", "code", "reason", "variable",
}

// New makes a collector. The labels are added to everything, and win over those
// of an instance.
func New(labels map[string]string) *Collector {
	return &Collector{defaults: maps.Clone(labels), patience: patience, pages: sync.Pool{New: func() any { return newPage() }}}
}

// ServeHTTP answers a scrape, in the text format or OpenMetrics, as the Accept
// header asks. With ?pid=N it shows that process alone.
func (c *Collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	only := 0
	if text := r.URL.Query().Get("pid"); text != "" {
		var err error
		if only, err = strconv.Atoi(text); err != nil || only <= 0 {
			http.Error(w, "pid: not a process id", http.StatusBadRequest)
			return
		}
	}
	wait := c.patience
	if seconds, err := strconv.ParseFloat(r.Header.Get("X-Prometheus-Scrape-Timeout-Seconds"), 64); err == nil && seconds > 0 {
		wait = min(wait, time.Duration(seconds/2*float64(time.Second)))
	}
	open, form := wantsOpen(strings.Join(r.Header.Values("Accept"), ",")), plainText
	if open {
		form = openMetrics
	}
	// It is not compressed: that takes longer than all the rest, for a short way.
	w.Header().Set("Content-Type", form)
	p := c.pages.Get().(*page)
	defer c.pages.Put(p)
	p.clear(open)
	c.gather(p, only, wait)
	_, _ = w.Write(p.text()) // who has gone needs none
}

// gather asks all programs at once, or the process only alone.
func (c *Collector) gather(p *page, only int, wait time.Duration) {
	c.mu.Lock()
	instances := slices.Clone(c.instances)
	c.mu.Unlock()

	var shown []*Target
	instances = slices.DeleteFunc(instances, func(i *Instance) (other bool) {
		watched := i.watched()
		if only != 0 {
			watched = slices.DeleteFunc(watched, func(t *Target) bool { return t.pid != only })
		}
		shown = append(shown, watched...)
		return only != 0 && len(watched) == 0
	})
	samples := make([]sample, len(shown))
	for n, t := range shown {
		samples[n] = t.ask()
	}
	for n, t := range shown { // the system answers for them meanwhile
		t.look(&samples[n])
	}
	late := make(chan struct{})
	timer := time.AfterFunc(wait, func() { close(late) })
	defer timer.Stop()
	for n, t := range shown {
		t.hear(&samples[n], late)
		samples[n].addTo(p, t.labels)
	}
	for _, i := range instances {
		i.addTo(p)
	}
	if only == 0 {
		c.addSpool(p)
	}
}

// Close takes back what was put into the programs.
func (c *Collector) Close() {
	c.mu.Lock()
	instances := slices.Clone(c.instances)
	c.mu.Unlock()
	var closing sync.WaitGroup
	for _, i := range instances {
		closing.Go(i.Remove)
	}
	closing.Wait()
}

// labels puts the default labels and those given together, by name. A label
// without a value is none.
func (c *Collector) labels(given map[string]string) labels {
	all := maps.Clone(given)
	maps.Copy(all, c.defaults)
	var l labels
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if all[name] != "" {
			l = l.with(name, all[name])
		}
	}
	return l
}
