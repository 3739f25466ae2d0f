package hunt

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/leak/source"
	"github.com/plumb-dev/plumb/internal/node"
)

const (
	namingRounds = 2 // three snapshots
	moreRounds   = 2 // when those cannot decide
	mostThreads  = 3 // with snapshots of their own
	// sampleInterval is small, so that a hundred small objects show. The price is
	// time in one round, in which none is measured.
	sampleInterval = 2048
)

// nameOnce takes as few snapshots as decide.
func (h *hunter) nameOnce(ctx context.Context, threads []*thread) error {
	last := namingRounds
	if err := h.capture(ctx, threads, 0, last); err != nil {
		return err
	}
	for i := 1; i <= last; i++ {
		if err := h.namingRound(ctx, threads, i, last); err != nil {
			return err
		}
		if i < last {
			continue
		}
		if err := h.find(ctx, threads); err != nil {
			return err
		}
		if h.vague(threads) && last == namingRounds && !h.nearLimit(h.lastMemory()) {
			last += moreRounds
		}
	}
	return h.count(ctx, threads)
}

// vague says whether more snapshots may decide.
func (h *hunter) vague(threads []*thread) bool {
	return h.result.Verdict == leak.Undecided && slices.ContainsFunc(threads, func(t *thread) bool {
		return slices.ContainsFunc(t.found.Findings, func(f leak.Finding) bool { return f.Verdict == leak.Undecided && !t.waits(f) })
	})
}

// namingRound drives once, with allocations sampled when it may be the last
// round, and captures.
func (h *hunter) namingRound(ctx context.Context, threads []*thread, i, last int) error {
	h.begin(fmt.Sprintf("naming round %d/%d", i, last))
	if i == last {
		for _, t := range threads {
			if err := t.StartSampling(ctx, node.SamplingOptions{Interval: sampleInterval, Live: true}); err != nil {
				return err
			}
		}
	}
	if err := h.round(ctx, Naming); err != nil {
		return err
	}
	if i == last {
		for _, t := range threads {
			profile, err := t.StopSampling(ctx)
			if err != nil {
				return err
			}
			t.profile = profile
			if err := h.keepProfile(t); err != nil {
				return err
			}
		}
	}
	h.end("%s", h.result.Rounds[len(h.result.Rounds)-1].sentence())
	return h.capture(ctx, threads, i, last)
}

// suspects are the threads worth a snapshot: the main one, and the workers
// that grow most.
func (h *hunter) suspects() []*thread {
	workers := slices.Clone(h.threads[1:])
	grown := func(t *thread) uint64 {
		first, last := t.samples[0].Kept(), t.samples[len(t.samples)-1].Kept()
		return max(last, first) - first
	}
	slices.SortStableFunc(workers, func(a, b *thread) int { return cmp.Compare(grown(b), grown(a)) })
	return append([]*thread{h.threads[0]}, workers[:min(len(workers), mostThreads-1)]...)
}

// capture takes snapshot i (from 0) of the threads.
func (h *hunter) capture(ctx context.Context, threads []*thread, i, last int) error {
	if err := h.checkNumbers(ctx, threads); err != nil {
		return err
	}
	for _, t := range threads {
		h.begin(fmt.Sprintf("snapshot %d/%d", i+1, last+1))
		if i == 0 {
			t.witness, _ = t.Witness(ctx) // not every runtime tells the ids
		}
		path := h.file(fmt.Sprintf("%s%d.heapsnapshot", t.slug, i+1))
		record, err := t.Capture(ctx, path, node.CaptureOptions{
			Label: fmt.Sprintf("%s%d", t.slug, i+1),
			Force: h.plan.Force,
			Progress: func(p node.CaptureProgress) {
				h.plan.Progress(Event{Phase: h.phase, Done: int64(p.Objects), Total: int64(p.TotalObjects)})
			},
		})
		if err != nil {
			return err
		}
		t.snapshots, t.record = append(t.snapshots, path), record
		h.result.Files = append(h.result.Files, path)
		if i == 0 && t.witness != nil {
			if t.number, err = t.witness.ID(ctx); err != nil {
				t.witness = nil
			}
		}
		h.end("%s%s", size(uint64(record.Bytes)), of(t.name))
	}
	return h.checkNumbers(ctx, threads) // one may have left just before
}

func of(thread string) string {
	if thread == "" {
		return ""
	}
	return " of " + thread
}

func (h *hunter) keepProfile(t *thread) error {
	data, err := json.Marshal(t.profile)
	if err != nil {
		return err
	}
	return os.WriteFile(h.file(t.slug+"last.heapprofile"), data, 0o600)
}

// find compares the snapshots of each thread and joins what they say.
func (h *hunter) find(ctx context.Context, threads []*thread) error {
	h.begin("compare")
	for _, t := range threads {
		var err error
		if t.found, err = h.compare(ctx, t); err != nil {
			return err
		}
	}
	h.joinFound(threads)
	h.end("%s", plural(len(h.result.Findings), "finding"))
	return nil
}

// joinFound makes one result of those of the threads.
func (h *hunter) joinFound(threads []*thread) {
	joined := &leak.Result{Verdict: leak.Healthy, Findings: []leak.Finding{}, Classes: []leak.Class{}, Noise: []leak.Noise{}}
	h.result.Allocated = nil
	for _, t := range threads {
		sites := allocationSites(t)
		for i := range t.found.Findings {
			t.found.Findings[i].Thread = t.name
		}
		assign(t.found.Findings, sites, h.plan.Source)
		followMaps(t.found.Findings, sites, source.NewReader(h.plan.Source))
		h.result.Allocated = append(h.result.Allocated, sites...)
		join(joined, t.found)
	}
	h.result.Result, h.named = joined, true
}

func (h *hunter) compare(ctx context.Context, t *thread) (*leak.Result, error) {
	var snapshots []*heap.Snapshot
	for _, path := range t.snapshots {
		s, err := heap.Open(ctx, path, heap.Options{NoIndex: true})
		if err != nil {
			return nil, err
		}
		defer s.Close()
		snapshots = append(snapshots, s)
	}
	opts := leak.Options{Requests: h.plan.Requests, ReadSource: h.plan.Source, Names: h.plan.Names}
	if h.plan.unit == "round" {
		opts.Requests = 0 // not known
	}
	for _, s := range t.record.Scripts {
		opts.Scripts = append(opts.Scripts, leak.Script{ID: s.ID, URL: s.URL})
	}
	return leak.Find(ctx, snapshots, opts)
}

// join adds the result of another thread.
func join(sum, one *leak.Result) {
	if one.Verdict == leak.Leaking || sum.Verdict == leak.Healthy {
		sum.Verdict = one.Verdict
	}
	if sum.Snapshots == nil {
		sum.Snapshots, sum.Requests = one.Snapshots, one.Requests
	}
	for _, f := range one.Findings {
		i := slices.IndexFunc(sum.Findings, func(g leak.Finding) bool {
			return g.Fingerprint == f.Fingerprint && g.Asked == f.Asked && len(g.Counts) == len(f.Counts)
		})
		if i < 0 {
			sum.Findings = append(sum.Findings, f)
		} else {
			merge(&sum.Findings[i], &f)
		}
	}
	sum.Sightings = append(sum.Sightings, one.Sightings...)
	sum.Classes = append(sum.Classes, one.Classes...)
	sum.Noise = append(sum.Noise, one.Noise...)
	leak.Sort(sum.Findings)
}

// merge adds the same leak of another thread: they share the requests.
func merge(f, other *leak.Finding) {
	for i := range f.Counts {
		f.Counts[i] += other.Counts[i]
	}
	for i := range f.PerStep {
		f.PerStep[i] += other.PerStep[i]
	}
	for i := range f.Survivors {
		f.Survivors[i] += other.Survivors[i]
	}
	f.PerRequest += other.PerRequest
	f.Objects += other.Objects
	f.Share += other.Share
	f.Exclusive += other.Exclusive
	f.Thread = strings.TrimPrefix(f.Thread+", "+other.Thread, ", ")
	if other.Verdict == leak.Leaking && f.Verdict != leak.Leaking {
		f.Verdict, f.Reason = other.Verdict, other.Reason
	}
}
