package metrics

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

// Exporter shows programs that somebody else has started, as they come and go.
type Exporter struct {
	*Collector

	options   ExporterOptions
	look      time.Duration // between two looks at what runs
	attaching time.Duration // how long one program may keep the others from getting a probe
	pause     time.Duration // before a program is tried again, twice as long each time

	mu       sync.Mutex
	programs map[int]*program // by process id
	others   []string         // where programs are shown that are not shown here
	planting sync.Mutex       // one at a time: they would share the inspector's port
}

// ExporterOptions are those of [NewExporter].
type ExporterOptions struct {
	Labels  map[string]string
	PIDs    []int              // only these; they are shown from their first moment
	Match   *regexp.Regexp     // only programs whose command line matches; nil for all
	Skip    func(pid int) bool // programs that somebody else shows; nil for none
	Passive bool               // show what the system tells, and leave the programs alone
	Notice  func(text string)
	// Kept is asked at each look for a function that tells which processes are kept
	// up by plumb run. What that shows at a URL is not shown here; "" is nowhere.
	Kept func() func(pid int) (kept bool, url string) // may be nil
	// Attend is called for each program that is shown, in a goroutine of its own. It
	// returns when the target is done, or ctx. May be nil.
	Attend func(context.Context, node.Running, *Instance, *Target)
}

// NewExporter makes an exporter, which has looked once. The processes of PIDs must
// be there. Only Run plants probes and looks again.
func NewExporter(ctx context.Context, options ExporterOptions) (*Exporter, error) {
	e := &Exporter{
		Collector: New(options.Labels), options: options, programs: map[int]*program{},
		look: 3 * time.Second, attaching: 5 * time.Second, pause: 15 * time.Second,
	}
	if err := e.compare(ctx); err != nil && !errors.Is(err, ErrAllEnded) {
		return nil, err
	}
	for _, pid := range options.PIDs {
		if _, url := e.kept()(pid); url != "" {
			return nil, &node.Error{
				Op: fmt.Sprintf("export process %d", pid), Err: fmt.Errorf("plumb run shows it already, at %s", url),
				Hint: "give that address to Prometheus",
			}
		}
		if e.programs[pid] == nil {
			return nil, &node.Error{
				Op: fmt.Sprintf("export process %d", pid), Err: fmt.Errorf("%w that runs JavaScript", node.ErrNoProcess),
				Hint: "see plumb ps for the programs that run",
			}
		}
	}
	return e, nil
}

// Programs counts those that are shown.
func (e *Exporter) Programs() int { return len(e.shown()) }

// Shown is a program that is shown here, and by no other plumb.
type Shown struct {
	node.Running

	App string
	RSS uint64 // bytes, 0 when the system does not say
}

// Shown are the programs, by process id.
func (e *Exporter) Shown() (list []Shown) {
	for _, p := range e.shown() {
		if p.kept {
			continue
		}
		usage, _ := p.target.system.read()
		list = append(list, Shown{p.Running, p.instance.App(), uint64(usage.Resident)})
	}
	return list
}

// program is one that was found.
type program struct {
	node.Running
	kept     bool // by plumb run
	instance *Instance
	target   *Target
	attempts int
	next     time.Time // when a probe may be planted
	attended bool
	opened   bool   // we may have opened its inspector without getting in
	told     string // the last notice of it
}

// settled is the age from which a program is shown: tools run for moments, which
// are worth neither a probe nor their series.
const settled = 5 * time.Second

// ErrAllEnded ends Run when the processes it was to show have ended.
var ErrAllEnded = errors.New("all processes have ended")

// Run plants probes and looks for programs until ctx ends, then takes the probes
// back.
func (e *Exporter) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	defer func() {
		cancel()
		working.Wait()
		e.Close()
	}()
	tick := time.NewTicker(e.look)
	defer tick.Stop()
	for {
		if !e.options.Passive {
			working.Go(func() { e.plantDue(ctx) })
			e.attend(ctx, &working)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
		if err := e.compare(ctx); err != nil {
			return err
		}
	}
}

// attend has somebody attend to each program that is new.
func (e *Exporter) attend(ctx context.Context, working *sync.WaitGroup) {
	if e.options.Attend == nil {
		return
	}
	for _, p := range e.shown() {
		if !p.attended {
			p.attended = true
			working.Go(func() { e.options.Attend(ctx, p.Running, p.instance, p.target) })
		}
	}
}

// compare compares what runs with what is shown.
func (e *Exporter) compare(ctx context.Context) error {
	found, err := node.Find(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	kept := e.kept()
	e.mu.Lock()
	var gone []*program
	var others []string
	runs := map[int]bool{}
	for _, r := range found {
		known := e.programs[r.PID]
		switch {
		case known != nil && known.Started.Equal(r.Started):
			runs[r.PID] = true
		case known != nil: // another one under its id
			gone = append(gone, known)
			delete(e.programs, r.PID)
			fallthrough
		default:
			if !e.wants(&r) {
				continue
			}
			ours, url := kept(r.PID)
			if url != "" {
				if !slices.Contains(e.others, url) {
					e.others, others = append(e.others, url), append(others, url)
				}
			} else {
				e.programs[r.PID] = e.show(r, ours)
				runs[r.PID] = true
			}
		}
	}
	for pid, p := range e.programs {
		if !runs[pid] {
			gone = append(gone, p)
			delete(e.programs, pid)
		}
	}
	left := len(e.programs)
	e.mu.Unlock()
	for _, url := range others {
		e.notice("programs that plumb run keeps up are shown at %s, and not here", url)
	}
	for _, p := range gone {
		p.instance.Remove()
		e.notice("process %d (%s) has ended", p.PID, p.Label())
	}
	if left == 0 && len(e.options.PIDs) > 0 {
		return ErrAllEnded
	}
	return nil
}

func (e *Exporter) kept() func(pid int) (bool, string) {
	if e.options.Kept == nil {
		return func(int) (bool, string) { return false, "" }
	}
	return e.options.Kept()
}

// wants tells whether a program is to be shown.
func (e *Exporter) wants(r *node.Running) bool {
	if len(e.options.PIDs) > 0 {
		// One that ended does not come back: its id is another's then.
		return slices.Contains(e.options.PIDs, r.PID)
	}
	if m := e.options.Match; m != nil && !m.MatchString(strings.Join(r.CommandLine, " ")) {
		return false
	}
	if skip := e.options.Skip; skip != nil && skip(r.PID) {
		return false
	}
	return time.Since(r.Started) >= settled
}

func (e *Exporter) show(r node.Running, kept bool) *program {
	instance := e.process(r.Label(), r.PID)
	return &program{Running: r, kept: kept, instance: instance, target: instance.Watch(r.PID)}
}

func (e *Exporter) notice(format string, args ...any) {
	if e.options.Notice != nil {
		e.options.Notice(fmt.Sprintf(format, args...))
	}
}

// shown are the programs, by process id.
func (e *Exporter) shown() []*program {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := make([]*program, 0, len(e.programs))
	for _, p := range e.programs {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *program) int { return a.PID - b.PID })
	return list
}
