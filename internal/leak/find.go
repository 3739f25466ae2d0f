package leak

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/leak/source"
)

// Options for [Find]. The zero value is fine.
type Options struct {
	// Requests is how many requests, jobs or messages the program did between
	// two neighbouring snapshots; 0 when that is not known.
	Requests int
	// Scripts is the script map of a capture record, when there is one.
	Scripts []Script
	// ReadSource reads a source file by its path, to find the line of a
	// declaration. Without it lines are those of the enclosing function.
	ReadSource func(path string) ([]byte, error)
	// Names, when set, is told the program's own source files, and returns names
	// of variables and properties to look for, whether they grow or not: see
	// [Result.Sightings].
	Names func(files []string) []string
	// Progress, when set, is told what the search turns to.
	Progress func(Phase)
}

// Phase is a part of the search.
type Phase string

// The phases, in their order.
const (
	PhaseMatch  Phase = "match objects" // of the snapshots, by their ids
	PhasePaths  Phase = "find paths"    // from the roots to all objects
	PhaseGrowth Phase = "find growth"
	PhaseWeigh  Phase = "weigh findings" // what each keeps alive, alone and with others
	PhaseNoise  Phase = "count noise"    // what grew that is V8's own, and all classes
)

// finder holds what the steps of one search share.
type finder struct {
	*grower
	opts      Options
	snapshots []*heap.Snapshot
	graphs    []*graph // one per snapshot; the last is the finder's own
	sources   *sources

	// New objects that Node.js itself holds, or timers that will fire.
	foreign, underWay []heap.Node
}

// Find compares snapshots of one process, in the order of their capture, and
// returns what grew. Two at least; an [*OrderError] says when they cannot be
// that.
func Find(ctx context.Context, snapshots []*heap.Snapshot, opts Options) (*Result, error) {
	if len(snapshots) < 2 || len(snapshots) > 200 {
		return nil, errors.New("find leaks: 2 to 200 snapshots are needed")
	}
	if opts.Progress == nil {
		opts.Progress = func(Phase) {}
	}
	f := &finder{opts: opts, snapshots: snapshots}
	opts.Progress(PhaseMatch)
	for i, s := range snapshots {
		g := newGraph(s)
		g.ids = newIDIndex(s)
		f.graphs = append(f.graphs, g)
		if i > 0 {
			if err := checkOrder(i-1, f.graphs[i-1], g); err != nil {
				return nil, err
			}
		}
	}
	opts.Progress(PhasePaths)
	t, err := newTree(ctx, f.graphs[len(f.graphs)-1])
	if err != nil {
		return nil, err
	}
	f.grower = &grower{tree: t, age: ages(f.graphs), scripts: newScripts(t.graph, opts.Scripts)}
	f.sources = &sources{Reader: source.NewReader(opts.ReadSource), scripts: f.scripts}
	result := &Result{Verdict: Healthy, Requests: opts.Requests, Findings: []Finding{}}
	for _, s := range snapshots {
		result.Snapshots = append(result.Snapshots, SnapshotSize{Nodes: s.NodeCount(), Bytes: s.TotalSize()})
	}
	opts.Progress(PhaseGrowth)
	if err := f.findings(ctx, result); err != nil {
		return nil, err
	}
	if opts.Names != nil {
		result.Sightings = f.sightings(opts.Names(f.sources.written()))
	}
	opts.Progress(PhaseNoise)
	result.Noise = f.noise()
	result.Classes = f.classes()
	return result, ctx.Err()
}

func (f *finder) findings(ctx context.Context, result *Result) error {
	var places []*growth
	for _, p := range f.find() {
		if f.ours(p) {
			places = append(places, p)
		} else {
			f.foreign = append(f.foreign, p.owned...)
		}
	}
	places = append(places, f.alsoHeld(places)...)
	places = append(places, f.swollen()...)
	f.opts.Progress(PhaseWeigh)
	share, exclusive, err := f.shares(ctx, places)
	if err != nil {
		return err
	}
	holders := make([]heap.Node, len(places))
	for i, p := range places {
		holders[i] = p.holder
	}
	retainers, err := f.retainers(ctx, holders)
	if err != nil {
		return err
	}
	for i, p := range places {
		fd := f.describePlace(p)
		fd.Share, fd.Exclusive, fd.Retainers = share[i], exclusive[i], retainers[i]
		if p.kind == swell {
			fd.Verdict, fd.Reason = judgeSize(&fd, f.isNew(p.holder))
		} else {
			fd.Verdict, fd.Reason = judge(&fd, f.opts.Requests)
		}
		if p.kind == swell && slices.ContainsFunc(result.Findings, fd.sameVariable) {
			continue // its objects say more
		}
		if fd.Verdict == Healthy {
			if fd.underWay != "" {
				f.underWay = append(f.underWay, p.owned...)
			}
			continue
		}
		result.Findings = append(result.Findings, fd)
		if fd.Verdict == Leaking || result.Verdict == Healthy {
			result.Verdict = fd.Verdict
		}
	}
	result.Findings = joined(result.Findings)
	Sort(result.Findings)
	result.Uncounted = f.uncounted(result.Findings)
	return nil
}

// Sort puts leaks first, then what keeps most.
func Sort(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		if (a.Verdict == Leaking) != (b.Verdict == Leaking) {
			if a.Verdict == Leaking {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Container.ID, b.Container.ID))
	})
}

// ours says whether a growth is of the program: its variable is, or something
// that its members hold comes from the program's source.
func (f *finder) ours(p *growth) bool {
	if f.s.Type(p.holder) == heap.Synthetic && f.s.Name(p.holder) != "(Global handles)" {
		return false
	}
	if f.name(f.nameNode(p)).found {
		return true
	}
	_, ok := f.made(p)
	return ok && f.s.Type(p.holder) != heap.Synthetic
}

// nameNode is the object whose name is the growth's.
func (f *finder) nameNode(p *growth) heap.Node {
	if p.kind == chain {
		return p.tops[0]
	}
	return p.holder
}

func (f *finder) describePlace(p *growth) Finding {
	nm := f.name(f.nameNode(p))
	counts := f.series(p, f.graphs)
	member := f.memberNode(p)
	fd := Finding{
		Container: Container{Name: nm.access, Class: f.class(p.holder), ID: f.s.ID(p.holder), Kind: "container"},
		Member:    Member{Class: f.memberClass(p, member), ID: f.s.ID(member)},
		Counts:    counts,
		Survivors: f.survivors(p, len(f.snapshots)),
		Objects:   len(p.owned),
		Cause:     f.causeOf(p, nm),
	}
	switch p.kind {
	case chain:
		fd.Container.Kind = "linked list"
	case spread:
		fd.Container.Kind = "many small containers"
	case swell:
		fd.Container.Kind = oneObject
	}
	if fd.Cause == Listener {
		fd.Container.Name = emitter(nm.access)
	}
	fd.Advice, fd.Example = fd.Cause.advice()
	fd.PerStep = differences(counts)
	if p.kind == swell {
		fd.Survivors = fd.PerStep
	}
	if f.opts.Requests > 0 {
		fd.perRequest(f.opts.Requests)
	}
	made, _ := f.made(p)
	fd.Made = f.sources.maker(made)
	if nm.variable == "process" {
		fd.Variable, fd.Declared = nm.variable, fd.Made
	}
	if nm.found {
		fd.Declared, fd.Variable = f.declaration(nm)
		fd.Container.Name = renamed(fd.Container.Name, nm.variable, fd.Variable)
		if fd.beyond = nm.beyond; fd.beyond {
			// No program can reach the private fields of a library's object.
			fd.Container.Name, _, _ = strings.Cut(fd.Container.Name, ".#")
			f.nameProperty(&fd, nm)
		}
	}
	if fd.Cause == AsyncStorage {
		f.nameStorage(&fd)
	}
	if fd.Variable == "" {
		fd.Declared = fd.Made
	}
	if fd.Cause == Timer || fd.Cause == AsyncStorage {
		fd.underWay = f.firesSoon(p, member)
	}
	fd.Path = f.steps(p, counts)
	fd.Fingerprint = fingerprint(nm, made, fd.Cause, fd.Path)
	return fd
}

// perRequest divides the growth by the requests between two counts.
func (f *Finding) perRequest(requests int) {
	grown := float64(f.Counts[len(f.Counts)-1] - f.Counts[0])
	f.PerRequest = math.Round(grown/float64(requests*len(f.PerStep))*1e4) / 1e4
}

// judge weighs one growth.
func judge(fd *Finding, requests int) (Verdict, string) {
	grown := fd.Counts[len(fd.Counts)-1] - fd.Counts[0]
	least, leastKept := math.MaxInt, math.MaxInt
	for i, step := range fd.PerStep {
		least, leastKept = min(least, step), min(leastKept, fd.Survivors[i])
	}
	steps := len(fd.PerStep)
	switch {
	case fd.underWay != "" && grown < 500 && steps == 1:
		return Healthy, fd.underWay
	case least <= 0:
		return Healthy, "it did not grow in every step"
	case steps > 1 && leastKept*2 < least:
		return Healthy, "what came in earlier steps is gone"
	case fd.underWay != "":
		return Undecided, fd.underWay
	case requests >= 50 && grown >= 50 && proportional(fd.PerRequest):
		return Leaking, "the growth is in proportion to the requests"
	case steps > 1 && least >= 5 && grown >= 20 && fd.PerStep[steps-1]*4 >= fd.PerStep[0]:
		return Leaking, "it grew in every step and what came stayed"
	case steps > 1 && grown >= minGrowth:
		return Undecided, "it grew in every step, but slowly or ever less"
	case steps == 1 && (grown >= 500 || grown >= 50 && fd.Exclusive >= 5_000_000):
		return Leaking, "the growth is well past noise"
	case steps == 1 && requests >= 200 && fd.PerRequest < 0.09 && grown < 500:
		return Healthy, "the growth is far less than the requests"
	case steps == 1 && grown >= 50:
		return Undecided, "two snapshots cannot tell this growth from a cache that fills up or work under way"
	default:
		return Healthy, "too little to tell from noise"
	}
}

// proportional says whether a rate is a whole number of objects per request,
// or one for each of a few requests.
func proportional(rate float64) bool {
	if rate <= 0 {
		return false
	}
	if rate < 1 {
		rate = 1 / rate
	}
	return rate <= 10.02 && math.Abs(rate-math.Round(rate)) <= 0.02
}
